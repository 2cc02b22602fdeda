"""Areas alike in structure (類似地域)."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from atlas.analysis.arrays import FloatArray, float_array
from atlas.analysis.errors import AnalysisError

CONTRIBUTION_PREFIX = "contribution_"
# Distances nearer than this are ties, so that rounding of floats never decides the order.
DECIMALS_OF_TIES = 10


@dataclass(frozen=True)
class Peers:
    """The peers of one area.

    `table`: indexed by area code, nearest first; `rank` (1 = nearest), `distance` (standard deviations), `contribution_<column>` for each
    column: its squared standardised difference; the contributions of a row add up to distance^2. A small one says "alike in this".
    `compared`: number of areas standardised, the chosen one included. `left_out`: number of areas with a missing value in a column.
    """

    table: pd.DataFrame
    compared: int
    left_out: int


def _named(near: Sequence[str]) -> str:
    return f" Near it: {', '.join(near)}." if near else ""


def _checked_columns(frame: pd.DataFrame, columns: Sequence[str], log_columns: Sequence[str]) -> None:
    if not columns or len(set(columns)) != len(columns):
        raise AnalysisError(f"Peers need structure variables, each once; got {list(columns)}.")
    for column in columns:
        if column not in frame.columns:
            near = get_close_matches(str(column), [str(name) for name in frame.columns], n=3)
            raise AnalysisError(f"The frame has no column '{column}'.{_named(near)}")
    strangers = [column for column in log_columns if column not in columns]
    if strangers:
        raise AnalysisError(f"Columns to take the logarithm of are not among the structure variables: {', '.join(strangers)}.")


def _structure(frame: pd.DataFrame, columns: Sequence[str], log_columns: Sequence[str]) -> pd.DataFrame:
    """The columns as floats sorted by code, logarithms taken; NaN where a value is missing or has no logarithm."""
    taken = {}
    for column in columns:
        held = float_array(frame[column])
        if column in log_columns:
            held = np.log(np.where(held > 0, held, np.nan))
        taken[column] = np.where(np.isfinite(held), held, np.nan)
    return pd.DataFrame(taken, index=frame.index.astype(str)).sort_index()


def standardised(values: FloatArray) -> FloatArray:
    """Each column as (value - mean) / standard deviation (of the areas given, ddof 0); 0 throughout for a column that does not vary.

    Shape areas x columns, no NaN expected.
    """
    spread = values.std(axis=0)
    varies = np.ptp(values, axis=0) > 0
    return np.where(varies, (values - values.mean(axis=0)) / np.where(varies, spread, 1.0), 0.0)


def nearest_peers(frame: pd.DataFrame, code: str, columns: Sequence[str], count: int = 10, log_columns: Sequence[str] = ()) -> Peers:
    """The `count` areas nearest to `code` by standardised Euclidean distance on the structure variables `columns`.

    `frame`: one row an area, indexed by area code, of one level (municipalities, or districts) and one year. Every variable counts the
    same: z scores over all areas that have every column. `log_columns` are taken as natural logarithms first (size, density); a value of 0
    or less then counts as missing. Areas with a missing value are left out and counted. Ties go by code; fewer rows than `count` where
    there are fewer areas. Never pass the outcome itself, nor household structure for an indicator about households.
    Raises AnalysisError for an unknown or incomplete `code` (naming the columns), an unknown column, a code that occurs twice, count < 1.
    """
    _checked_columns(frame, columns, log_columns)
    if count < 1:
        raise AnalysisError(f"{count} peers were asked for; expected 1 or more.")
    structure = _structure(frame, columns, log_columns)
    if structure.index.has_duplicates:
        twice = structure.index[structure.index.duplicated()][0]
        raise AnalysisError(f"The area code {twice} occurs more than once; pass one row an area (one year, one breakdown).")
    if code not in structure.index:
        near = get_close_matches(code, list(structure.index), n=3)
        raise AnalysisError(f"The area code {code} is not in the frame of {len(structure)} areas.{_named(near)}")
    lacking = [column for column in columns if structure[column].isna()[code]]
    if lacking:
        raise AnalysisError(f"The area {code} has no usable value for {', '.join(lacking)}, so that its peers can not be found: leave these variables out.")
    complete = structure.dropna()
    scores = standardised(complete.to_numpy(dtype=float))
    own = scores[complete.index.get_loc(code)]
    squares = (scores - own) ** 2
    table = pd.DataFrame(squares, index=complete.index, columns=[CONTRIBUTION_PREFIX + column for column in columns])
    table.insert(0, "distance", np.sqrt(squares.sum(axis=1)))
    table = table.drop(index=code)
    order = table["distance"].round(DECIMALS_OF_TIES).argsort(kind="stable")  # sorted by code before, so that ties go by code
    table = table.iloc[order.to_numpy()[:count]]
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    table.index.name = frame.index.name or "area_code"
    return Peers(table, compared=len(complete), left_out=len(structure) - len(complete))
