"""The blocks of a page as HTML, and their figures as scripts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from atlas.exhibits.context import Context
from atlas.site.data_package import FORMATS, TableFiles, table_files
from atlas.site.exhibit_html import SLOT, Cells, body_html, cells_of, head_html
from atlas.site.figures import Shapes, figure_content
from atlas.site.frame import control_html
from atlas.site.model import ONLY, Block, Page, View
from atlas.site.need_map_page import Districts

DATA = "data"


@dataclass(frozen=True)
class Made:
    """A view finished: its name, what its script holds, its tables, and whether it is of the sample."""

    name: str
    content: dict[str, Any]
    cells: Cells
    tables: TableFiles
    sample: bool


def made_view(context: Context, page: Page, block: Block, view: View, shapes: Shapes, published: str, districts: Districts | None, level: int) -> Made:
    """Make the exhibit of a view and everything that is written of it."""
    exhibit = view.exhibit(context)
    name = f"{page.id}-{block.id}" + ("" if view.choice == ONLY else f"-{view.choice}")
    files = [(word, f"../{DATA}/{name}.{context.lang}.{ending}") for ending, word, _ in FORMATS]
    lead = context.texts("need_map.list.lead") if block.rows else ""
    cells = cells_of(context, exhibit.table, listed=block.listed, rows=block.rows)
    figure = None if exhibit.figure is None else figure_content(exhibit.figure, shapes, districts.first if districts and block.is_map else None)
    content = {
        "figure": figure,
        "alt": f"{exhibit.title} {exhibit.subtitle}",
        "head": head_html(context, exhibit, level, page.name),
        "body": body_html(context, exhibit, files, SLOT, listed=block.listed, lead=lead),
        "table": cells.plain(),
    }
    return Made(name, content, cells, table_files(context, exhibit, name, published), exhibit.is_sample)


def page_main(context: Context, page: Page, made: dict[str, list[Made]], districts: Districts | None) -> str:
    """All blocks of a page in their first views, each with its control before it."""
    parts = [f'<div class="atlas-head"><h1>{escape(page.heading)}</h1><p class="atlas-lead">{escape(page.lead)}</p></div>'] if page.heading else []
    controls = {one.id: one for one in page.controls}
    for block in page.blocks:
        control = controls.pop(block.follows, None)
        question = f'<div class="controls">{control_html(control.id, control.label, control.options)}</div>' if control else ""
        parts.append(_block(context, page, block, made[block.id][0], question, districts if block.is_map else None))
    return "\n".join(parts) + page.after


def levels(page: Page) -> dict[str, int]:
    """The order of each block's heading: one below the section it stands in."""
    found, inside = {}, False
    for block in page.blocks:
        inside = inside or bool(block.section)
        found[block.id] = 3 if inside and block.level > 1 else block.level
    return found


def _block(context: Context, page: Page, block: Block, first: Made, question: str, districts: Districts | None) -> str:
    lead = f"<p>{escape(block.lead)}</p>" if block.lead else ""
    section = f'<div class="atlas-section"><h2>{escape(block.section)}</h2>{lead}</div>' if block.section else ""
    head = f'<div class="atlas-title" data-head>{first.content["head"]}</div>'
    figure = first.content["figure"]
    height = figure["layout"].get("height", 0) if figure else 0
    hidden = "" if figure else " hidden"
    chart = f'<div class="chart" role="img" aria-label="{escape(first.content["alt"])}" style="min-height:{height:.0f}px"{hidden}></div>'
    if districts:
        chart = f'<div class="beside">{chart}<div>{_district_question(context, districts)}<div id="profile">{districts.first_html}</div></div></div>'
    top = head + question if block.level == 1 else question + head
    follows = f' data-follows="{block.follows}"' if block.follows else ""
    return (
        f'{section}<section class="block{" map" if block.is_map else ""}" data-block="{page.id}-{block.id}" data-view="{first.name}"'
        f' data-choice="{block.views[0].choice}"{follows}>{top}{chart}<div data-body>{first.content["body"].replace(SLOT, first.cells.html())}</div></section>'
    )


def _district_question(context: Context, districts: Districts) -> str:
    """The district's question, the one shown at first chosen."""
    html = control_html("district", context.texts("need_map.control.district"), districts.names)
    chosen = f'<option value="{escape(districts.first)}"'
    return html.replace(chosen, f"{chosen} selected", 1)
