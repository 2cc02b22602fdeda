"""How blocks of a known height are shared out over pages, before anything is drawn: what belongs together stays together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from atlas.exports.print_paint import Press

Draw = Callable[[Press, float], None]
NEAR = 1e-6


@dataclass(frozen=True)
class Block:
    """Something of a height in millimetres that is drawn from a y downwards. keep: not parted from what follows.

    opening: what stands above it where it begins a page, such as the head of a table.
    """

    height: float
    draw: Draw
    keep: bool = False
    opening: Block | None = None


@dataclass(frozen=True)
class Group:
    """The blocks of one exhibit. sample: whether it shows fictional data; alone: it has its page to itself."""

    blocks: tuple[Block, ...]
    sample: bool = False
    alone: bool = False

    @property
    def height(self) -> float:
        """Of all blocks."""
        return sum(block.height for block in self.blocks)


@dataclass
class PagePlan:
    """What stands on one page, and where."""

    sample: bool
    placed: list[tuple[float, Block]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    closed: bool = False


def planned(groups: Sequence[Group], top: Callable[[bool], float], bottom: float, gap: float) -> list[PagePlan]:
    """The pages of the groups in their order.

    top: where the first block of a page stands, by whether it shows fictional data (the banner is above it). A group begins on the page of the one
    before where all of it fits there, `gap` below; else on a new one. Fictional and real data never share a page.
    """
    pages: list[PagePlan] = []
    y = 0.0
    for number, group in enumerate(groups):
        page = pages[-1] if pages else None
        if page is not None and not page.closed and not group.alone and page.sample == group.sample and y + gap + group.height <= bottom + NEAR:
            y += gap
        else:
            page, y = _new(pages, group.sample), top(group.sample)
        page.groups.append(number)
        for part in _parts(group.blocks):
            height = sum(block.height for block in part)
            start = top(group.sample)
            if y + height > bottom + NEAR and y > start + NEAR:
                page, y = _new(pages, group.sample), start
                page.groups.append(number)
                if part[0].opening is not None:
                    page.placed.append((y, part[0].opening))
                    y += part[0].opening.height
            for block in part:
                page.placed.append((y, block))
                y += block.height
        page.closed = group.alone
    return pages


def _new(pages: list[PagePlan], sample: bool) -> PagePlan:
    pages.append(PagePlan(sample))
    return pages[-1]


def _parts(blocks: Iterable[Block]) -> list[list[Block]]:
    """Runs of blocks that stay together."""
    found: list[list[Block]] = []
    joined = False
    for block in blocks:
        if joined:
            found[-1].append(block)
        else:
            found.append([block])
        joined = block.keep
    return found
