"""A drawing put on a sheet: paths, discs and words as vectors, in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from atlas.exports.card_sheet import POINT, Sheet
from atlas.exports.print_model import DASHES, LINE_HEIGHT, Disc, Drawing, Path, Stroke, Words, extent

BASELINE = 0.37
"""Below the middle of a line of text stands the baseline, in text sizes."""
GROUND = 1.0


class Press(Sheet):
    """A sheet that takes drawings."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._wide: dict[str, float] = {}

    def wide(self, text: str, size: float) -> float:
        """The width of a text in millimetres; what was measured once is kept."""
        if text not in self._wide:
            self._wide[text] = super().wide(text, 1.0)
        return self._wide[text] * size

    def measure(self, text: str, size: float) -> float:
        """The width of a text, in the unit of its size."""
        return self.wide(text, size) / POINT

    def put(self, drawing: Drawing, x: float, y: float, unit: float) -> None:
        """The drawing with its top left corner at (x, y) in millimetres; unit: millimetres a pixel."""
        if self._measuring:
            return
        for item in drawing.items:
            if isinstance(item, Words):
                self._put_words(item, x, y, unit)
            elif isinstance(item, Disc):
                with self._painted(item.fill, item.stroke, item.opacity, unit) as style:
                    if style:
                        self.circle(x + item.x * unit, y + item.y * unit, item.radius * unit, style=style)
            else:
                self._put_path(item, x, y, unit)

    def _put_path(self, item: Path, x: float, y: float, unit: float) -> None:
        with self._painted(item.fill if item.closed else "", item.stroke, item.opacity, unit) as style:
            if not style or not item.runs:
                return
            steps = []
            for run in item.runs:
                for at, (px, py) in enumerate(run):
                    steps.append(f"{(x + px * unit) * self.k:.2f} {(self.h - y - py * unit) * self.k:.2f} {'l' if at else 'm'}")
                if item.closed:
                    steps.append("h")
            # Even-odd: a ring within a ring is a hole.
            self._out("\n".join([*steps, {"F": "f*", "D": "S", "DF": "B*"}[style]]))

    @contextmanager
    def _painted(self, fill: str, stroke: Stroke | None, opacity: float, unit: float) -> Iterator[str]:
        """Colours and line of what is drawn inside; fpdf2's word for filled, outlined or both."""
        with ExitStack() as stack:
            if opacity < 1:
                stack.enter_context(self.local_context(fill_opacity=opacity, stroke_opacity=opacity))
            if fill:
                self.set_fill_color(fill)
            if stroke is not None:
                self.set_draw_color(stroke.colour)
                self.set_line_width(stroke.width * unit)
                dash, gap = DASHES.get(stroke.dash, DASHES["dash"])
                self.set_dash_pattern(dash * unit, gap * unit)
            yield ("D" if stroke is not None else "") + ("F" if fill else "")
            if stroke is not None and stroke.dash != "solid":
                self.set_dash_pattern()

    def _put_words(self, item: Words, x: float, y: float, unit: float) -> None:
        left, top, right, bottom = extent(item, self.measure)
        middle_x, middle_y = x + (left + right) / 2 * unit, y + (top + bottom) / 2 * unit
        if item.ground:
            self.box(x + (left - GROUND) * unit, y + top * unit, (right - left + 2 * GROUND) * unit, (bottom - top) * unit, fill=item.ground)
        wide = max(self.measure(line.text, line.size) for line in item.lines)
        align = item.align or {"left": "left", "right": "right"}.get(item.across, "center")
        with ExitStack() as stack:
            if item.angle:
                stack.enter_context(self.rotation(-item.angle, middle_x, middle_y))
            at = middle_y - item.height / 2 * unit
            for line in item.lines:
                across = middle_x + {"left": -wide / 2, "right": wide / 2}.get(align, 0.0) * unit
                base = at + (LINE_HEIGHT / 2 + BASELINE) * line.size * unit
                name = {"left": "left", "right": "right"}.get(align, "middle")
                if line.text:
                    self.say(across, base, line.text, line.size * unit / POINT, colour=item.colour, bold=line.bold, align=name)
                at += line.size * LINE_HEIGHT * unit
