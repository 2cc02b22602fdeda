"""Reading a deck back: charts, shapes and words of its slides."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pptx import Presentation

# ISO/IEC 29500-1, dml-chart.xsd: the order of what is written.
LABEL = "idx delete layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator"
ORDER = {
    "chartSpace": "date1904 roundedCorners chart spPr txPr externalData",
    "chart": "autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
    "plotArea": "layout barChart scatterChart catAx valAx spPr",
    "barChart": "barDir grouping varyColors ser gapWidth overlap axId",
    "scatterChart": "scatterStyle varyColors ser axId",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls errBars cat val xVal yVal smooth",
    "marker": "symbol size spPr",
    "dPt": "idx invertIfNegative bubble3D spPr",
    "dLbls": LABEL.replace("idx", "dLbl"),
    "dLbl": LABEL,
    "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
    "valAx": "axId scaling delete axPos majorGridlines numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossBetween majorUnit",
    "catAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto lblAlgn lblOffset noMultiLvlLbl",
    "scaling": "logBase orientation max min",
    "legend": "legendPos legendEntry layout overlay txPr",
}
POSITIONS = {"barChart": {"ctr", "outEnd"}, "scatterChart": {"t", "b", "l", "r", "ctr"}}


def opened(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def shapes_of(slide: Any) -> Iterator[Any]:
    """Every shape, those in groups too."""
    for shape in slide.shapes:
        yield shape
        if hasattr(shape, "shapes"):
            yield from shape.shapes


def charts_of(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def words_of(slide: Any) -> str:
    """All words on a slide, tables' included."""
    found = [shape.text_frame.text for shape in shapes_of(slide) if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def numbers_of(series: Any, tag: str) -> list[float | None]:
    """The numbers of a series under xVal, yVal or val, None where a cell is empty."""
    points = {int(one.get("idx")): float(one[0].text) for one in series._element.xpath(f"./c:{tag}//c:pt")}
    return [points.get(at) for at in range(int(series._element.xpath(f"./c:{tag}//c:ptCount/@val")[0]))]


def pairs_of(chart: Any) -> set[tuple[float, float]]:
    """Every point of a scatter chart that is drawn."""
    found = set()
    for series in chart.plots[0].series:
        for x, y in zip(numbers_of(series, "xVal"), numbers_of(series, "yVal"), strict=False):
            if x is not None and y is not None:
                found.add((x, y))
    return found


def texts_in(chart: Any) -> list[str]:
    """The words of labels that are no number of the chart."""
    return ["".join(label.xpath(".//a:t/text()")) for label in chart._chartSpace.xpath(".//c:dLbl[c:tx]")]


def out_of_order(element: Any) -> list[str]:
    """Elements of a chart whose parts do not stand in the order of the schema, which PowerPoint would want to repair."""
    found, name = [], etree.QName(element)
    if name.namespace.endswith("/chart") and name.localname in ORDER:
        places = [ORDER[name.localname].split().index(etree.QName(child).localname) for child in element]
        found = [name.localname] if places != sorted(places) else []
    return found + [one for child in element for one in out_of_order(child)]
