"""`reproduce` on cards, slides, shows, pages, and the tables of a site: equal as written; with one thing changed, it says which."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from atlas.exhibits import overtaken, trends
from atlas.exhibits.context import Context
from atlas.exhibits.district_card import district_cards, district_codes
from atlas.exhibits.model import Exhibit
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.recipe import recipe_of
from atlas.exports.card_facts import card_recipe
from atlas.exports.card_pdf import cards_pdf
from atlas.exports.carried import CarriedError
from atlas.exports.citation import ATTACHMENT, PART
from atlas.exports.reproduce import DIFFERS, EQUAL, Comparison, reproduce
from atlas.exports.tables import APP_VERSION, Provenance
from atlas.site.data_package import table_files
from atlas.stories.deck import deck_bytes, figure_deck
from atlas.stories.model import Slide, Story, Words
from atlas.stories.show import show_html, staged
from atlas.stories.telling import told

CITY = "99201"
PROVENANCE = Provenance("2026-11-22T10:00:00+09:00", "http://127.0.0.1:8501/trends?areas=31000")
STORY = Story(
    "two", Words("題", "Title"),
    (
        Slide("trends:trend", {"indicator_id": "one_person_household_share", "area_codes": ["00000", "31000"], "base_year": None}),
        Slide("overtaken:overtaken", title=Words("別の題", "Another title")),
    ),
)  # fmt: skip


def made(context: Context, build: Callable[..., Exhibit], **options: object) -> Exhibit:
    return replace(build(context, **options), recipe=recipe_of(build, options, context.lang).text())


def only(path: Path, context: Context) -> Comparison:
    (one,) = reproduce(path, context.store)
    return one


def kinds(one: Comparison) -> set[str]:
    return {each.kind for each in one.differences}


@pytest.fixture(params=["japanese", "english"])
def context(request: pytest.FixtureRequest) -> Context:
    return request.getfixturevalue(request.param)


def index_of(context: Context) -> IndexChoice:
    return IndexChoice(tuple(preset_weights("equal", offered(context.store, (CITY,), 2020)).items()), "percentile", "arithmetic")


def test_cards_are_equal_with_and_without_an_index(context: Context, tmp_path: Path) -> None:
    codes = district_codes(context, CITY)[:2]
    options = {"city": CITY, "codes": codes, "year": 2020, "index": index_of(context)}
    cards_pdf(district_cards(context, **options), tmp_path / "index.pdf", recipe=card_recipe(context.lang, **options), provenance=PROVENANCE)
    cards_pdf(district_cards(context, city=CITY, codes=codes[:1]), tmp_path / "plain.pdf")
    for name in ("index", "plain"):
        one = only(tmp_path / f"{name}.pdf", context)
        assert (one.status, one.differences) == (EQUAL, ())
        assert (one.carried.data_version, one.carried.app_version) == (context.store.version, APP_VERSION)
    assert only(tmp_path / "index.pdf", context).carried.permalink == PROVENANCE.permalink


def attached(path: Path, change: Callable[[str], str]) -> Path:
    """The same pages with another attachment."""
    reader = PdfReader(path)
    text = reader.attachments[ATTACHMENT][0].decode("utf-8")
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.add_attachment(ATTACHMENT, change(text).encode("utf-8"))
    writer.write(path)
    return path


def test_cards_with_another_word_another_recipe_or_another_page_say_so(japanese: Context, tmp_path: Path) -> None:
    path = tmp_path / "cards.pdf"
    cards = list(district_cards(japanese, city=CITY, codes=district_codes(japanese, CITY)[:2]))
    cards_pdf(cards, path)
    whole = path.read_bytes()

    def changed(before: str, now: str) -> Comparison:
        path.write_bytes(whole)
        return only(attached(path, lambda text: text.replace(before, now)), japanese)

    name = cards[0].name
    assert changed("never there", "").status == EQUAL
    assert [(each.kind, each.carried, each.rebuilt) for each in changed(f'"name","{name}"', '"name","別の校区"').differences] == [("cell", "別の校区", name)]
    assert "cell" in kinds(changed(r"\"year\":2020", r"\"year\":2015"))
    writer = PdfWriter(clone_from=io.BytesIO(whole))
    writer.remove_page(1)
    writer.write(path)
    assert kinds(only(path, japanese)) == {"drawing"}


def rewritten(path: Path, name: re.Pattern[str], change: Callable[[str], str]) -> Path:
    """A zip with the parts of a name changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(out, "w") as again:
        for each in packed.namelist():
            content = packed.read(each)
            again.writestr(each, change(content.decode("utf-8")).encode("utf-8") if name.fullmatch(each) else content)
    path.write_bytes(out.getvalue())
    return path


def test_a_figure_as_a_slide_is_equal_and_an_edited_chart_says_so(context: Context, tmp_path: Path) -> None:
    exhibit = made(context, trends.trend, indicator_id="one_person_household_share", area_codes=("00000",), base_year=None)
    path = tmp_path / "figure.pptx"
    path.write_bytes(figure_deck(exhibit, context, PROVENANCE))
    one = only(path, context)
    assert (one.status, one.carried.permalink, one.carried.data_version) == (EQUAL, PROVENANCE.permalink, context.store.version)
    whole = path.read_bytes()
    rewritten(path, re.compile(r"ppt/charts/chart.*\.xml"), lambda text: re.sub(r"<c:v>0\.\d+</c:v>", "<c:v>0.9</c:v>", text, count=1))
    assert kinds(only(path, context)) == {"drawing"}
    path.write_bytes(whole)
    rewritten(path, re.compile(PART), lambda text: text.replace('"data_version":"', '"data_version":"0'))
    one = only(path, context)
    assert (one.of_other_data, one.status) == (True, EQUAL)


def test_a_deck_keeps_its_figures_when_slides_change_places_and_the_part_is_renamed(japanese: Context, tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    path.write_bytes(deck_bytes(japanese, told(japanese, STORY), STORY))
    assert [one.status for one in reproduce(path, japanese.store)] == [EQUAL, EQUAL]

    def turned(text: str) -> str:
        slides = re.findall(r"<p:sldId [^>]*/>", text)
        return text.replace("".join(slides), "".join(reversed(slides)))

    rewritten(path, re.compile(r"ppt/presentation\.xml"), turned)
    with zipfile.ZipFile(path) as packed:
        parts = {("customXml/item1.xml" if name == PART else name): packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert [one.status for one in reproduce(path, japanese.store)] == [EQUAL, EQUAL]


def test_a_show_is_equal_and_says_what_was_changed_in_it(context: Context, tmp_path: Path) -> None:
    stage = staged(context)
    page = show_html(stage, told(stage, STORY), STORY)
    path = tmp_path / "show.html"
    path.write_text(page, "utf-8", newline="")
    found = reproduce(path, context.store)
    assert [one.status for one in found] == [EQUAL, EQUAL]
    assert found[0].carried.exported_at
    title = STORY.title.of(context.lang)
    path.write_text(page.replace(f"<h1>{title}", "<h1>x"), "utf-8", newline="")
    assert [kinds(one) for one in reproduce(path, context.store)] == [{"drawing"}, {"drawing"}]
    path.write_text(re.sub(r'("rows":\[\[.*?)0\.\d+', r"\g<1>0.9", page, count=1), "utf-8", newline="")
    first, second = reproduce(path, context.store)
    assert (first.status, kinds(first), second.status) == (DIFFERS, {"cell"}, EQUAL)


@pytest.mark.parametrize("ending", ["json", "parquet", "csv"])
def test_the_tables_of_a_site_are_equal_and_a_changed_one_says_so(context: Context, tmp_path: Path, ending: str) -> None:
    exhibit = made(context, overtaken.overtaken)
    for one, content in table_files(context, exhibit, "table", PROVENANCE.exported_at).content.items():
        (tmp_path / f"table.ja.{one}").write_bytes(content)
    path = tmp_path / f"table.ja.{ending}"
    assert only(path, context).status == EQUAL
    if ending != "parquet":
        text = path.read_bytes().decode("utf-8")
        path.write_bytes(re.sub(r"0\.\d{4,}", "0.9", text, count=1).encode("utf-8"))
        assert kinds(only(path, context)) == {"cell"}


def test_a_document_of_another_program_is_refused(tmp_path: Path, japanese: Context) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "blank.pdf")
    (tmp_path / "page.html").write_text("<!doctype html><html><body></body></html>", "utf-8")
    with zipfile.ZipFile(tmp_path / "other.pptx", "w") as packed:
        packed.writestr("ppt/presentation.xml", "<p/>")
    for name in ("blank.pdf", "page.html", "other.pptx"):
        with pytest.raises(CarriedError, match=r"does not say how to make it again"):
            reproduce(tmp_path / name, japanese.store)
