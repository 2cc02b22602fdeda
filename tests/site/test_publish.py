"""A published site: whole, in both languages, closed in itself, its sample marked, its withheld figures in words."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import plotly
import pytest

from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import HATCHED
from atlas.exhibits.need_map import layer_of
from atlas.exhibits.need_map_words import state_word
from atlas.figures.look import Look
from atlas.site.block_html import made_view
from atlas.site.figures import DRAWN, SOME, VENDOR, WHOLE, Shapes, engine_of
from atlas.site.need_map_page import need_map_page, profile_html
from atlas.site.place import place_of
from atlas.site.publish import Published
from atlas.store.database import Store
from atlas.texts import texts

LANGUAGES = ("ja", "en")
PAGES = ("index", "trends", "contact", "compare", "need_map", "story", "catalogue")
WITH_SAMPLE = ("need_map", "story")
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data", "embed": "src"}
NOT_LOADED = ("alternate",)
SIZE_OF_THE_FIRST_PAGE = 1_700_000


class Parsed(HTMLParser):
    """What a page loads, where it leads, its ids, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append((tag, held))
        if held.get("id"):
            self.ids.append(str(held["id"]))
        address = held.get(LOADED.get(tag, ""))
        if address and held.get("rel") not in NOT_LOADED:
            self.loaded.append(address)
        if tag == "a" or held.get("rel") in NOT_LOADED:
            self.links.append(str(held["href"]))


def read(site: Path, lang: str, page: str) -> Parsed:
    return Parsed((site / lang / f"{page}.html").read_text("utf-8"))


def test_every_page_stands_in_both_languages_and_says_which(site: Path) -> None:
    for lang in LANGUAGES:
        assert sorted(path.stem for path in (site / lang).iterdir()) == sorted(PAGES)
        for page in PAGES:
            parsed = read(site, lang, page)
            assert ("html", {"lang": lang}) in parsed.tags
            assert sum(tag == "h1" for tag, _ in parsed.tags) == 1
            assert len(parsed.ids) == len(set(parsed.ids)), "an id stands twice"


def test_both_languages_have_the_same_blocks_and_choices(site: Path) -> None:
    def shape(lang: str, page: str) -> list[object]:
        named = [(tag, held) for tag, held in read(site, lang, page).tags if tag in ("section", "option", "select", "details")]
        return [(tag, held.get("data-block"), held.get("value"), held.get("data-control")) for tag, held in named]

    for page in PAGES:
        assert shape("ja", page) == shape("en", page)


def test_nothing_is_loaded_from_elsewhere_and_every_link_leads_to_a_file(site: Path) -> None:
    pages = [site / "index.html", *(site / lang / f"{page}.html" for lang in LANGUAGES for page in PAGES)]
    for path in pages:
        parsed = Parsed(path.read_text("utf-8"))
        for address in parsed.loaded:
            assert not urlsplit(address).scheme, f"{path.name} loads {address}"
            assert not address.startswith("/"), f"{path.name} leaves its folder: {address}"
            assert (path.parent / urlsplit(address).path).resolve().is_file(), f"{path.name}: {address}"
        for address in parsed.links:
            parts = urlsplit(address)
            if parts.scheme:
                assert path.stem == "catalogue", f"{path.name} leads away to {address}"
            elif parts.path:
                assert (path.parent / parts.path).resolve().is_relative_to(site.resolve())
                assert (path.parent / parts.path).is_file(), f"{path.name}: {address}"
            else:
                assert parts.fragment in parsed.ids


def test_no_style_sheet_asks_for_another_file(site: Path) -> None:
    for path in (site / "assets").glob("*.css"):
        assert not re.search(r"url\(|@import", path.read_text("utf-8"))


def test_every_choice_has_its_view_and_every_figure_its_shapes(site: Path) -> None:
    maps = {path.stem.removeprefix("shapes-") for path in (site / "figures").glob("shapes-*.js")}
    for lang in LANGUAGES:
        for page in PAGES:
            parsed = read(site, lang, page)
            firsts = site / "figures" / f"{'overview' if page == 'index' else page}.{lang}.js"
            text = firsts.read_text("utf-8") if firsts.is_file() else ""
            options = {held["value"]: None for tag, held in parsed.tags if tag == "option"}
            for _, block in ((tag, held) for tag, held in parsed.tags if "data-block" in held):
                assert json.dumps(block["data-view"]) in text
                if "data-follows" in block:
                    made = {path.name.split(".")[0] for path in (site / "figures").glob(f"{block['data-block']}-*.{lang}.js")}
                    choices = {name.removeprefix(f"{block['data-block']}-") for name in made} | {block["data-choice"]}
                    assert choices <= set(options)
                    assert len(choices) >= 2
    for path in (site / "figures").glob("*.js"):
        for name in re.findall(r'"geojson":"(\w+)"', path.read_text("utf-8")):
            assert name in maps


def test_the_shapes_are_written_once(site: Path) -> None:
    assert len(list((site / "figures").glob("shapes-*.js"))) == 1
    for path in (site / "figures").glob("*.js"):
        assert path.name.startswith("shapes-") or '"FeatureCollection"' not in path.read_text("utf-8")


def test_the_sample_is_marked_on_its_pages_in_its_scripts_and_nowhere_else(site: Path) -> None:
    for lang, mark in (("ja", "見本（架空）データ"), ("en", "Sample (fictional) data")):
        for page in PAGES:
            text = (site / lang / f"{page}.html").read_text("utf-8")
            banner = f'<p class="atlas-note" role="note"><strong>{mark}</strong>' in text
            assert banner == (page in WITH_SAMPLE), page
        for path in (site / "figures").glob(f"need_map-*.{lang}.js"):
            assert f'<p class=\\"atlas-sample\\">{mark}' in path.read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_withheld_figure_is_a_word_and_a_pattern_and_never_nought(store: Store, lang: str) -> None:
    context, shapes, place = Context(store, texts(lang), Look(lang)), Shapes(), place_of(store, None)
    page, districts = need_map_page(context, place, shapes)
    block = page.blocks[0]
    view = next(one for one in block.views if one.choice == "single_mother_or_father_share")
    made = made_view(context, page, block, view, shapes, "2026-01-01T00:00:00+00:00", districts, 1)
    rows = layer_of(context, view.options["asked"]).rows
    withheld = rows[rows["state"].isin(HATCHED)]
    assert len(withheld), "the sample city has districts whose figure is withheld"
    assert withheld["value"].isna().all()
    titles = [title for title, _ in made.cells.heads]
    value, state = titles.index(context.word(context.indicator(view.choice), "short")), titles.index(context.texts("need_map.column.state"))
    legend = [one["text"] for one in made.content["figure"]["layout"]["annotations"]]
    for code, row in withheld.iterrows():
        cells = made.cells.rows[made.cells.codes.index(code)]
        assert (cells[value], cells[state]) == (context.texts("frame.no_value"), state_word(context, row["state"]))
        assert context.texts(f"need_map.key.{row['state']}") in legend
        assert state_word(context, row["state"]) in profile_html(districts.profiles, code)
    names, *lines = json.loads(made.tables.content["json"])["rows"]
    assert {line[names.index("value")] for line in lines if line[names.index("code")] in withheld.index} == {None}


def test_what_is_said_is_what_was_written(published: tuple[Path, Published]) -> None:
    site, done = published
    files = [path for path in site.rglob("*") if path.is_file()]
    assert done.files == len(files)
    assert done.size == sum(path.stat().st_size for path in files)
    assert (done.place.municipality, done.place.city, done.place.sample) == ("31201", "99201", True)
    listed = json.loads((site / "site.json").read_text("utf-8"))["files"]
    assert listed == {path.relative_to(site).as_posix(): path.stat().st_size for path in files if path.name != "site.json"}


def test_a_page_is_light(site: Path) -> None:
    for page in PAGES:
        path = site / "ja" / f"{page}.html"
        whole = path.stat().st_size + sum((path.parent / urlsplit(address).path).stat().st_size for address in read(site, "ja", page).loaded)
        assert whole < SIZE_OF_THE_FIRST_PAGE + 300_000 * (page == "story"), f"{page}: {whole:,}"


def test_the_bundle_is_of_the_version_that_the_dashboard_draws_with() -> None:
    version = re.compile(r"plotly\.js v([\d.]+)")
    whole = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")[:400]
    own = (VENDOR / "plotly.min.js").read_text("utf-8")[:400]
    assert version.search(whole).group(1) == version.search(own).group(1)
    assert (VENDOR / "VERSION").read_text("utf-8").startswith(f"plotly.js {version.search(own).group(1)},")


@pytest.mark.parametrize(("kind", "engine"), [*((one, SOME) for one in sorted(DRAWN)), ("heatmap", WHOLE), ("pie", WHOLE)])
def test_a_trace_the_bundle_does_not_draw_gets_the_whole_one(kind: str, engine: str) -> None:
    assert engine_of([{"data": [{"type": kind}, {"type": "scatter"}]}]) == engine
