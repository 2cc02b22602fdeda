"""A native chart as DrawingML and its numbers as the workbook inside it; every element in the order of the schema (ISO/IEC 29500, dml-chart)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.stories.deck_model import Axis, BarChart, BarSeries, Chart, Label, PointChart, PointSeries
from atlas.stories.deck_shapes import Ink, ink, paint
from atlas.stories.deck_text import LANG, Box, clean, fill
from atlas.stories.deck_workbook import Workbook

SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HALF_STROKE = 0.3
"""Rows that an upright stroke reaches up and down."""
NONE = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
TEXT, SECOND, GRID = "#1C2430", "#55616E", "#D9DEE3"
ON_GROUND = '<c:spPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
NO_SHOW = '<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'


@dataclass(frozen=True)
class Layout:
    """Where the plot and the legend lie in a chart of this width and height (points), and how large its text is."""

    width: float
    height: float
    plot: Box
    size: float
    legend: Box | None = None
    names: float = 0.0
    """Size of the names of rows of several bars; as the rest where 0."""
    labels: float = 0.0
    """Size of the words at points and bars; as the rest where 0."""


class Content:
    """A chart as python-pptx takes it: XML and workbook."""

    def __init__(self, chart: Chart, layout: Layout, lang: str) -> None:
        self._book = Workbook()
        writer = _Writer(layout, lang, self._book)
        self._xml = writer.bars(chart) if isinstance(chart, BarChart) else writer.points(chart)
        self.xlsx_blob = self._book.finished()

    def xml_bytes(self, _kind: object) -> bytes:
        """The chart part."""
        return self._xml.encode("utf-8")


class _Writer:
    def __init__(self, layout: Layout, lang: str, book: Workbook) -> None:
        self.layout, self.lang, self.book = layout, lang, book

    def bars(self, chart: BarChart) -> str:
        form = (
            chart.axis.form
            if chart.axis.form != "General"
            else next((words.form for one in chart.series for words in one.labels.values() if words.form), "General")
        )
        form = "0.0%" if form.endswith("%") else form
        _, names = self.book.column("", chart.categories)
        references = [self.book.column(one.name, one.values, form) for one in chart.series]
        series = "".join(self._bar(chart, one, at, names, references[at], form) for at, one in enumerate(chart.series))
        grouping, overlap = ("stacked", 100) if chart.stacked else ("clustered", -6)
        direction = "bar" if chart.lying else "col"
        gap = 45 if chart.stacked else 55
        plots = (
            f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{series}'
            f'<c:gapWidth val="{gap}"/><c:overlap val="{overlap}"/><c:axId val="111"/><c:axId val="222"/></c:barChart>'
        )
        named = Axis(0, 1, shown=True, reversed=chart.lying)
        return self._space(
            plots
            + self._category_axis(named, chart.lying)
            + self._value_axis(chart.axis, "b" if chart.lying else "l", 222, 111, far=chart.lying, between="between"),
            chart.legend,
            [],
        )

    def points(self, chart: PointChart) -> str:
        tails = [*self._words_of(chart.x, chart.y, below=True), *self._words_of(chart.y, chart.x, below=False)]
        if chart.row_names:
            at = chart.x.low
            tails.append((chart.row_names, [at] * len(chart.row_names), [row + 0.5 for row in range(len(chart.row_names))], "l"))
        longest = max([0, *(len(one.xs) for one in chart.series), *(len(tail[0]) for tail in tails)])
        series = [self._point(chart, one, at, longest if at == 0 else 0) for at, one in enumerate(chart.series)]
        series += [self._names(tail, len(series) + at) for at, tail in enumerate(tails)]
        unlisted = [at for at in range(len(series)) if at >= len(chart.series) or not chart.series[at].listed]
        plots = (
            f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{"".join(series)}<c:axId val="111"/><c:axId val="222"/></c:scatterChart>'
        )
        axes = self._value_axis(chart.x, "b", 111, 222, far=chart.y.reversed, between="midCat", is_x=True)
        axes += self._value_axis(chart.y, "l", 222, 111, far=False, between="midCat")
        return self._space(plots + axes, chart.legend, unlisted)

    def _space(self, plots: str, legend: bool, unlisted: Sequence[int]) -> str:
        place = self._layout(self.layout.plot, inner=True)
        key = ""
        if legend and self.layout.legend is not None:
            entries = "".join(f'<c:legendEntry><c:idx val="{at}"/><c:delete val="1"/></c:legendEntry>' for at in unlisted)
            key = f'<c:legend><c:legendPos val="t"/>{entries}{self._layout(self.layout.legend)}<c:overlay val="0"/>{self._text(TEXT)}</c:legend>'
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {SPACES}><c:date1904 val="0"/><c:roundedCorners val="0"/>'
            f'<c:chart><c:autoTitleDeleted val="1"/><c:plotArea>{place}{plots}{NONE}</c:plotArea>{key}'
            f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{NONE}{self._text(TEXT)}</c:chartSpace>'
        )

    def _layout(self, box: Box, *, inner: bool = False) -> str:
        target = '<c:layoutTarget val="inner"/>' if inner else ""
        wide, high = self.layout.width, self.layout.height
        sizes = (("x", box.x / wide), ("y", box.y / high), ("w", box.width / wide), ("h", box.height / high))
        inside = "".join(f'<c:{name} val="{value:.5f}"/>' for name, value in sizes)
        return f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>{inside}</c:manualLayout></c:layout>'

    def _text(self, colour: str, *, bold: bool = False, turned: bool = False, wraps: bool = True, size: float = 0.0, level: bool = False) -> str:
        turn = ' rot="-5400000" vert="horz"' if turned else ' rot="0" vert="horz"' if level else ""
        wrap = "" if wraps else ' wrap="none" lIns="9525" tIns="0" rIns="9525" bIns="0"'
        run = f'<a:defRPr sz="{round((size or self.layout.size) * 100)}" b="{int(bold)}">{fill(colour)}</a:defRPr>'
        return f'<c:txPr><a:bodyPr{turn}{wrap}/><a:lstStyle/><a:p><a:pPr>{run}</a:pPr><a:endParaRPr lang="{LANG[self.lang]}"/></a:p></c:txPr>'

    def _title(self, at: int, reference: str, name: str) -> str:
        cache = f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{clean(name)}</c:v></c:pt></c:strCache>'
        return f'<c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>{reference}</c:f>{cache}</c:strRef></c:tx>'

    def _numbers(self, tag: str, reference: str, held: Sequence[float | None], form: str = "General") -> str:
        points = "".join(f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>' for at, value in enumerate(held) if value is not None)
        cache = f'<c:numCache><c:formatCode>{form}</c:formatCode><c:ptCount val="{len(held)}"/>{points}</c:numCache>'
        return f"<c:{tag}><c:numRef><c:f>{reference}</c:f>{cache}</c:numRef></c:{tag}>"

    def _bar(self, chart: BarChart, one: BarSeries, at: int, names: str, references: tuple[str, str], form: str) -> str:
        look = f"<c:spPr>{paint(one.paint)}{ink(one.line)}</c:spPr>"
        single = "".join(
            f'<c:dPt><c:idx val="{row}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>{paint(own)}{ink(one.line)}</c:spPr></c:dPt>'
            for row, own in sorted(one.paints.items())
        )
        held = [row for row, value in enumerate(one.values) if value is not None]
        labels = self._labels(one.labels, held, chart.axis, scatter=False)
        whiskers = self._whiskers(one.name, one.more, one.less, Ink(TEXT, 0.75)) if one.more and one.less else ""
        texts = "".join(f'<c:pt idx="{row}"><c:v>{clean(name)}</c:v></c:pt>' for row, name in enumerate(chart.categories))
        categories = f'<c:cat><c:strRef><c:f>{names}</c:f><c:strCache><c:ptCount val="{len(chart.categories)}"/>{texts}</c:strCache></c:strRef></c:cat>'
        return (
            f'<c:ser>{self._title(at, references[0], one.name)}{look}<c:invertIfNegative val="0"/>{single}{labels}{whiskers}{categories}'
            f"{self._numbers('val', references[1], one.values, form)}</c:ser>"
        )

    def _point(self, chart: PointChart, one: PointSeries, at: int, rows: int) -> str:
        """A series. rows: it is made at least so long by empty cells: LibreOffice forgets a series before a longer one."""
        more_rows = [None] * (rows - len(one.xs))
        x_form = "0.0%" if chart.x.form.endswith("%") else chart.x.form
        y_form = "0.0%" if chart.y.form.endswith("%") else chart.y.form
        if one.names is not None:
            self.book.column("", one.names)
        x_values: list[float | None] = [*one.xs, *more_rows]
        y_values = [*one.ys, *more_rows]
        _, xs = self.book.column(chart.x.title or "x", x_values, x_form)
        title, ys = self.book.column(one.name, y_values, y_form)
        line = f"<c:spPr>{ink(one.line)}</c:spPr>"
        size = min(max(round(one.size), 2), 72)
        marker = '<c:marker><c:symbol val="none"/></c:marker>'
        if one.symbol != "none":
            marker = (
                f'<c:marker><c:symbol val="{one.symbol}"/><c:size val="{size}"/><c:spPr>{paint(one.paint, covers=True)}{ink(one.border)}</c:spPr></c:marker>'
            )
        held = [row for row, value in enumerate(one.ys) if value is not None]
        labels = self._labels(one.labels, held, chart.x, scatter=True, lying=bool(chart.row_names))
        whiskers = ""
        if one.symbol == "none" and one.border is not None:  # an upright stroke
            kind = '<c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="fixedVal"/><c:noEndCap val="1"/>'
            whiskers = f'<c:errBars>{kind}<c:val val="{HALF_STROKE}"/><c:spPr>{ink(one.border)}</c:spPr></c:errBars>'
        return (
            f"<c:ser>{self._title(at, title, one.name)}{line}{marker}{labels}{whiskers}{self._numbers('xVal', xs, x_values, x_form)}"
            f'{self._numbers("yVal", ys, y_values, y_form)}<c:smooth val="0"/></c:ser>'
        )

    def _words_of(self, axis: Axis, other: Axis, *, below: bool) -> list[tuple[list[str], list[float], list[float], str]]:
        """Words at ticks that a scale cannot print: labels of points that are not drawn."""
        if not axis.words or not axis.shown:
            return []
        at, words = [value for value, _ in axis.words], [text for _, text in axis.words]
        edge = [(other.high if other.reversed else other.low)] * len(at)
        return [(words, at, edge, "b")] if below else [(words, edge, at, "l")]

    def _names(self, tail: tuple[list[str], list[float], list[float], str], at: int) -> str:
        words, xs, ys, side = tail
        self.book.column("", words)
        _, x_reference = self.book.column("x", xs)
        title, y_reference = self.book.column("", ys)
        labels = {row: Label(text, SECOND if side == "b" else TEXT, side) for row, text in enumerate(words)}
        return (
            f'<c:ser>{self._title(at, title, "")}<c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>'
            f"{self._labels(labels, list(range(len(words))), Axis(0, 1), scatter=True, lying=True)}{self._numbers('xVal', x_reference, xs)}"
            f'{self._numbers("yVal", y_reference, ys)}<c:smooth val="0"/></c:ser>'
        )

    def _whiskers(self, name: str, more: Sequence[float | None], less: Sequence[float | None], line: Ink) -> str:
        """The whiskers of bars; which way they go is the bars' own."""
        sides = []
        for tag, mark, held in (("plus", "+", more), ("minus", "\u2212", less)):
            _, reference = self.book.column(f"{name} {mark}".strip(), held)
            sides.append(self._numbers(tag, reference, held))
        return f'<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>{"".join(sides)}<c:spPr>{ink(line)}</c:spPr></c:errBars>'

    def _labels(self, labels: dict[int, Label], held: Sequence[int], axis: Axis, *, scatter: bool, lying: bool = False) -> str:
        """The labels: one rule for the series where all are its numbers in one format, else one a point."""
        if not labels:
            return ""
        first = next(iter(labels.values()))
        same = (
            not lying
            and first.form
            and all(
                (one.form, one.side, one.named, one.colour, one.bold, one.shift + one.rise + one.aside)
                == (first.form, first.side, first.named, first.colour, first.bold, 0)
                for one in labels.values()
            )
        )
        if same and len(labels) * 2 > len(held):
            gone = "".join(f'<c:dLbl><c:idx val="{row}"/><c:delete val="1"/></c:dLbl>' for row in held if row not in labels)
            return f"<c:dLbls>{gone}{self._shown(first, scatter, lying)}</c:dLbls>"
        single = "".join(self._label(row, one, axis, scatter, lying) for row, one in sorted(labels.items()))
        return f"<c:dLbls>{single}{NONE}{NO_SHOW}</c:dLbls>"

    def _label(self, row: int, one: Label, axis: Axis, scatter: bool, lying: bool) -> str:
        across = one.shift / ((axis.high - axis.low) or 1) * self.layout.plot.width / self.layout.width
        across += self.layout.size * 0.4 / self.layout.width if across and not scatter else 0.0  # off the whisker's end
        across += one.aside / self.layout.width
        up = -one.rise / self.layout.height
        moved = f'<c:layout><c:manualLayout><c:x val="{across:.5f}"/><c:y val="{up:.5f}"/></c:manualLayout></c:layout>' if across or up else ""
        if one.form and not lying:
            return f'<c:dLbl><c:idx val="{row}"/>{moved}{self._shown(one, scatter, lying)}</c:dLbl>'
        turn = ' rot="-5400000" vert="horz"' if one.turned else ""
        run = f'<a:rPr lang="{LANG[self.lang]}" sz="{round((self.layout.labels or self.layout.size) * 100)}" b="{int(one.bold)}">{fill(one.colour)}</a:rPr>'
        lines = "".join(f"<a:p><a:r>{run}<a:t>{clean(text)}</a:t></a:r></a:p>" for text in one.text.split("\n"))
        rich = f'<c:tx><c:rich><a:bodyPr{turn} wrap="none"/><a:lstStyle/>{lines}</c:rich></c:tx>'
        return f'<c:dLbl><c:idx val="{row}"/>{moved or "<c:layout/>"}{rich}{self._shown(one, scatter, lying, text=False)}</c:dLbl>'

    def _shown(self, one: Label, scatter: bool, lying: bool, *, text: bool = True) -> str:
        form = f'<c:numFmt formatCode="{one.form}" sourceLinked="0"/>' if one.form and text else ""
        look = (ON_GROUND if one.on_ground else NONE) + (
            self._text(one.colour, bold=one.bold, turned=one.turned, wraps=False, size=self.layout.labels) if text else ""
        )
        return (
            f'{form}{look}<c:dLblPos val="{one.side}"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
            f'<c:showSerName val="{int(one.named)}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
            + ("<c:separator> </c:separator>" if one.named else "")
        )

    def _scaling(self, axis: Axis, *, bounds: bool) -> str:
        log = '<c:logBase val="10"/>' if axis.log else ""
        limits = f'<c:max val="{axis.high!r}"/><c:min val="{axis.low!r}"/>' if bounds else ""
        return f'<c:scaling>{log}<c:orientation val="{"maxMin" if axis.reversed else "minMax"}"/>{limits}</c:scaling>'

    def _value_axis(self, axis: Axis, place: str, own: int, other: int, *, far: bool, between: str, is_x: bool = False) -> str:
        hidden = not axis.shown or bool(axis.words)
        grid = f"<c:majorGridlines><c:spPr>{ink(Ink(GRID, 0.75))}</c:spPr></c:majorGridlines>" if axis.grid and not axis.words else ""
        unit = f'<c:majorUnit val="{axis.unit!r}"/>' if axis.unit and not axis.log else ""
        crosses = "max" if far else "min" if between == "midCat" else "autoZero"
        line = Ink(GRID, 0.75) if is_x else None
        return (
            f'<c:valAx><c:axId val="{own}"/>{self._scaling(axis, bounds=True)}<c:delete val="0"/><c:axPos val="{place}"/>{grid}'
            f'<c:numFmt formatCode="{axis.form}" sourceLinked="0"/><c:majorTickMark val="{"out" if is_x and not hidden else "none"}"/>'
            f'<c:minorTickMark val="none"/><c:tickLblPos val="{"none" if hidden else "nextTo"}"/><c:spPr>{ink(line)}</c:spPr>{self._text(SECOND)}'
            f'<c:crossAx val="{other}"/>'
            f'<c:crosses val="{crosses}"/><c:crossBetween val="{between}"/>{unit}</c:valAx>'
        )

    def _category_axis(self, axis: Axis, lying: bool) -> str:
        return (
            f'<c:catAx><c:axId val="111"/>{self._scaling(axis, bounds=False)}<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/>'
            f'<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
            f'<c:spPr>{ink(Ink(GRID, 0.75))}</c:spPr>{self._text(TEXT, size=self.layout.names, level=True)}<c:crossAx val="222"/>'
            '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        )
