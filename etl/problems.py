"""How the ETL says what is wrong: all problems of a file in one report, each with what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was found, what was expected, what to do."""

    file: str
    message: str
    row: int | None = None
    """Line in the file as an editor counts it, from 1."""
    column: str | None = None
    found: str | None = None
    expected: str | None = None
    next_step: str | None = None
    found_ja: str | None = None
    """`found` in Japanese, where it is also shown on a page."""

    def sentence(self) -> str:
        """The problem in one line: place, message, found, expected, next step."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        text = f"{place}: {self.message}"
        if self.found is not None:
            text += f"; found {self.found!r}"
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.next_step is not None:
            text += f". {self.next_step}"
        return text


class EtlError(Exception):
    """A file, registry or build that cannot be used. Carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.report())

    def report(self) -> str:
        """All problems, a line each; beyond `SHOWN_AT_MOST` only their number."""
        lines = [problem.sentence() for problem in self.problems[:SHOWN_AT_MOST]]
        left = len(self.problems) - SHOWN_AT_MOST
        if left > 0:
            lines.append(f"... and {left} more of the kind")
        return "\n".join(lines)
