"""A figure with more rows than a page holds, cut between its rows; every piece has the axis below it."""

from __future__ import annotations

from collections.abc import Sequence

from atlas.exports.print_model import Drawing, Item, Measure, Path, Words, extent, moved

SPANNING = {"grid", "rule", "box"}
"""What goes through many rows, and is cut with them."""
FOOT = {"tick-x", "axis"}
FREE = 1.0


def slices(drawing: Drawing, most: float, measure: Measure) -> list[Drawing]:
    """The drawing in pieces of at most `most` pixels, cut where no words, bars or marks are; whole where there is no such place."""
    foot = [item for item in drawing.items if item.role in FOOT]
    boxes = [extent(item, measure) for item in foot]
    foot_top = min((box[1] for box in boxes), default=drawing.height)
    below = drawing.height - foot_top
    body = [(item, extent(item, measure)) for item in drawing.items if item.role not in FOOT]
    solid = sorted((box[1], box[3]) for item, box in body if not _spans(item, box))
    pieces: list[Drawing] = []
    start = 0.0
    while foot_top - start + below > most:
        cut = _cut(solid, start, start + most - below)
        if cut is None:
            return [drawing]
        pieces.append(_piece(drawing, body, foot, start, cut, foot_top))
        start = cut
    pieces.append(_piece(drawing, body, foot, start, foot_top, foot_top))
    return pieces


def _spans(item: Item, box: tuple[float, float, float, float]) -> bool:
    return item.role in SPANNING and box[3] - box[1] > 40


def _cut(solid: Sequence[tuple[float, float]], start: float, end: float) -> float | None:
    """The lowest place up to `end` that nothing crosses."""
    at = end
    for top, bottom in sorted(solid, key=lambda box: -box[1]):
        if top < at < bottom + FREE:
            at = top - FREE
    return at if at > start + FREE else None


def _piece(
    drawing: Drawing, body: Sequence[tuple[Item, tuple[float, float, float, float]]], foot: Sequence[Item], start: float, end: float, foot_top: float
) -> Drawing:
    piece = Drawing(drawing.width, end - start + drawing.height - foot_top)
    for item, box in body:
        if _spans(item, box) and isinstance(item, Path):
            if box[1] < end and box[3] > start:
                runs = tuple(tuple((x, min(max(y, start), end)) for x, y in run) for run in item.runs)
                piece.add(moved(Path(runs, item.fill, item.stroke, item.closed, item.opacity, item.role), 0, -start))
        elif start <= (box[1] + box[3]) / 2 < end or (isinstance(item, Words) and start == 0 and box[3] < 0):
            piece.add(moved(item, 0, -start))
    piece.add(*(moved(item, 0, end - start - foot_top) for item in foot))
    return piece
