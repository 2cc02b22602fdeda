"""A whole site from one database: pages in both languages, figures, tables to take away, written beside its place and put there in one step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from atlas.exhibits.catalogue import catalogue
from atlas.exhibits.context import Context
from atlas.exports.citation import figure_cited, with_citation
from atlas.exports.tables import APP_VERSION, Provenance
from atlas.figures.look import Look
from atlas.site.block_html import DATA, Made, levels, made_view, page_main
from atlas.site.data_package import TableFiles, package
from atlas.site.figures import Shapes, engine_of, engine_script, profiles_script, view_script
from atlas.site.frame import Shell, file_of, root_html, style
from atlas.site.model import Page, Place, PublishError
from atlas.site.need_map_page import Districts, need_map_page
from atlas.site.overview_html import overview_html
from atlas.site.pages import compare_page, contact_page, overview_page, trends_page
from atlas.site.place import place_of
from atlas.site.sources_html import sources_html
from atlas.site.story_page import story_page
from atlas.site.target import MARK, check_target, mark_text, written_beside
from atlas.store.database import Store
from atlas.stories.model import Story, StoryError
from atlas.stories.reading import read_story
from atlas.texts import LANGUAGES, texts

ASSETS = Path(__file__).parent / "assets"
VENDOR_LICENCE = Path(__file__).parent / "vendor" / "plotly" / "LICENSE"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Published:
    """What was written: files, bytes, what it is about, whether the city is the fictional one."""

    files: int
    size: int
    place: Place


@dataclass
class _Site:
    """The folder being written, and what its pages share."""

    folder: Path
    published: str
    hashes: dict[str, str] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=Shapes)
    tables: list[TableFiles] = field(default_factory=list)

    def write(self, path: str, content: str | bytes) -> None:
        """A file below the folder."""
        raw = content.encode() if isinstance(content, str) else content
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
        self.hashes[path] = hashlib.sha256(raw).hexdigest()[:10]


def publish(
    store: Store, target: Path, *, municipality: str | None = None, story: Path | None = None, progress: Progress = lambda done, total: None
) -> Published:
    """Write the site. progress: told how many views of how many are made.

    PublishError: what was asked for is not held, or the target holds something else; OSError: it cannot be written. Either way what stood there
    before stays as it was.
    """
    check_target(target)
    place, told_story = place_of(store, municipality), _story(story)
    with written_beside(target) as folder:
        site = _Site(folder, datetime.now().astimezone().isoformat(timespec="seconds"))
        _assets(site)
        made = {lang: _pages(Context(store, texts(lang), Look(lang)), place, told_story, site.shapes) for lang in LANGUAGES}
        total = sum(len(block.views) for pages, _ in made.values() for page in pages for block in page.blocks)
        done = 0
        for lang, (pages, districts) in made.items():
            context = Context(store, texts(lang), Look(lang))
            version = hashlib.sha256(f"{store.version} {APP_VERSION} {site.published}".encode()).hexdigest()[:10]
            shell = Shell(context, [(page.id, page.name) for page in pages], site.hashes, version, site.published)
            for page in pages:
                views = {}
                for block in page.blocks:
                    level = levels(page)[block.id]
                    views[block.id] = [made_view(context, page, block, one, site.shapes, site.published, districts, level) for one in block.views]
                    done += len(block.views)
                    progress(done, total)
                _write_page(site, shell, page, views, districts)
        japanese = Context(store, texts(LANGUAGES[0]), Look(LANGUAGES[0]))
        site.write("datapackage.json", package(japanese, site.tables, place, site.published, DATA))
        site.write("index.html", root_html(japanese))
        about = {"app": APP_VERSION, "data": store.version, "published": site.published, "municipality": place.municipality, "city": place.city}
        site.write(MARK, mark_text(folder, about))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        count = sum(path.is_file() for path in folder.rglob("*"))
    return Published(count, size, place)


def _story(path: Path | None) -> Story | None:
    if path is None:
        return None
    try:
        return read_story(path)
    except StoryError as error:
        raise PublishError("story", wrong=True, error=error) from error


def _assets(site: _Site) -> None:
    """What does not change with the data."""
    for path in sorted(ASSETS.iterdir()):
        site.write(f"assets/{path.name}", style(path.read_text("utf-8")) if path.suffix == ".css" else path.read_bytes())
    site.write("assets/plotly-LICENSE.txt", VENDOR_LICENCE.read_bytes())


def _pages(context: Context, place: Place, story: Story | None, shapes: Shapes) -> tuple[list[Page], Districts | None]:
    """All pages of a language, in the order of the work."""
    whole = catalogue(context)
    found = [overview_page(context, overview_html(context)), trends_page(context, place), contact_page(context), compare_page(context, place)]
    with_map = need_map_page(context, place, shapes)
    if with_map:
        found.append(with_map[0])
    if story:
        found.append(story_page(context, story, place))
    found.append(Page("catalogue", context.texts("frame.pages.catalogue"), heading=whole.title, lead=whole.subtitle, after=sources_html(context)))
    return found, with_map[1] if with_map else None


def _write_page(site: _Site, shell: Shell, page: Page, views: dict[str, list[Made]], districts: Districts | None) -> None:
    """The page, the scripts of its figures, and its tables."""
    lang = shell.context.lang
    every = [one for made in views.values() for one in made]
    figures = [one.content["figure"] for one in every if one.content["figure"]]
    scripts = []
    if figures:
        engine = engine_of(figures)
        scripts.append(f"assets/{engine}.min.js")
        if scripts[-1] not in site.hashes:
            site.write(scripts[-1], engine_script(engine))
    for name in sorted({name for figure in figures for name in figure["maps"]}):
        scripts.append(f"figures/shapes-{name}.js")
        if scripts[-1] not in site.hashes:
            site.write(scripts[-1], site.shapes.script(name))
    firsts = []
    for made in views.values():
        # What the page itself says of a first view is not said again in its script.
        firsts.append(view_script(made[0].name, {key: made[0].content[key] for key in ("figure", "alt")}))
        for one in made[1:]:
            site.write(f"figures/{one.name}.{lang}.js", view_script(one.name, one.content))
    if districts and any(block.is_map for block in page.blocks):
        firsts.append(profiles_script(districts.profiles))
    if firsts:
        scripts.append(f"figures/{page.id}.{lang}.js")
        site.write(scripts[-1], "".join(firsts))
    scripts += ["assets/tables.js", "assets/lists.js", "assets/site.js"]
    for one in every:
        site.tables.append(one.tables)
        for ending, content in one.tables.content.items():
            site.write(f"{DATA}/{one.name}.{lang}.{ending}", content)
    main = page_main(shell.context, page, views, districts)
    html = shell.page_html(page, main, scripts, sample=any(one.sample for one in every))
    # The views that stand in the page itself; the others are in the tables' JSON files.
    shown = [made[0].tables.exhibit for made in views.values() if made[0].tables.exhibit.recipe]
    cited = [figure_cited(one, shell.context.store.version, Provenance(site.published), with_table=False) for one in shown]
    site.write(f"{lang}/{file_of(page.id)}", with_citation(html, cited) if cited else html)
