"""The districts most like one in structure, why they are alike, and where it stands among them by the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from atlas.analysis.errors import AnalysisError
from atlas.analysis.peers import CONTRIBUTION_PREFIX, Peers, nearest_peers
from atlas.analysis.standing import competition_rank
from atlas.exhibits import evidence
from atlas.exhibits import need_map_words as words_of
from atlas.exhibits.context import Context
from atlas.exhibits.district_layer import LEVEL, base_rows
from atlas.exhibits.model import Column, Exhibit, Table
from atlas.exhibits.need_map import INDEX
from atlas.exhibits.target_order import Order, TargetsAsked, order_of
from atlas.figures import numbers
from atlas.store import geography
from atlas.store.database import Store

COUNT = 5
KNOWN_AGES = ("population_0_14", "population_15_64", "population_65_over")


@dataclass(frozen=True)
class Variable:
    """A structure variable: how a table shows it, whether distances use its logarithm, what of an index it would repeat (parts of ids)."""

    id: str
    kind: str
    decimals: int
    logarithm: bool
    repeats: tuple[str, ...] = ()


VARIABLES = (
    Variable("households", "count", 0, True),
    Variable("density", "count", 0, True),
    Variable("young", "percent", 1, False, ("population_0_14",)),
    Variable("older", "percent", 1, False, ("population_65_over_share", "population_75_over_share")),
    Variable("size", "decimal", 2, False, ("household", "living_alone")),
)


@dataclass(frozen=True)
class Alike:
    """The peers of a district; used, left_out (they would choose by the outcome), lacking (no value held): the structure variables."""

    peers: Peers
    rows: pd.DataFrame
    used: tuple[Variable, ...]
    left_out: tuple[Variable, ...]
    lacking: tuple[Variable, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The peers' codes, nearest first."""
        return tuple(str(code) for code in self.peers.table.index)

    def extreme(self, code: str, *, most: bool) -> Variable:
        """The variable in which a peer differs most (or least)."""
        parts = {one: float(self.peers.table[CONTRIBUTION_PREFIX + one.id][code]) for one in self.used}
        return (max if most else min)(parts, key=parts.__getitem__)


@lru_cache(maxsize=64)
def structure_of(store: Store, city: str, year: int) -> pd.DataFrame:
    """The structure variables of the districts, NaN where one is not held or may not be shown. Read only."""
    names = ("total_households", "population", "general_households", "general_household_members", *KNOWN_AGES)
    counts = pd.DataFrame({one: base_rows(store, city, one, year)["value"] for one in names}).astype(float)
    area = geography.shapes(store, city, LEVEL).set_index("area_code")["area_km2"].astype(float).reindex(counts.index)
    known = counts[list(KNOWN_AGES)].sum(axis=1, skipna=False)
    known = known.where(known > 0)
    return pd.DataFrame(
        {
            "households": counts["total_households"],
            "density": counts["population"] / area.where(area > 0),
            "young": counts["population_0_14"] / known,
            "older": counts["population_65_over"] / known,
            "size": counts["general_household_members"] / counts["general_households"].where(counts["general_households"] > 0),
        }
    )


def variables_for(asked: TargetsAsked) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
    """The structure variables used for an index, and those left out because the index is about the same: never choose peers by the outcome."""
    repeated = tuple(one for one in VARIABLES if any(part in indicator for part in one.repeats for indicator in asked.index.used))
    return tuple(one for one in VARIABLES if one not in repeated), repeated


@lru_cache(maxsize=512)
def alike(store: Store, asked: TargetsAsked, district: str) -> Alike | None:
    """The districts alike; None where the district has no value to compare, or none is left to compare with."""
    rows = structure_of(store, asked.city, asked.year)
    if district not in rows.index:
        return None
    wanted, left_out = variables_for(asked)
    own = rows.loc[district]
    lacking = tuple(one for one in wanted if not own[one.id] > 0)
    used = tuple(one for one in wanted if one not in lacking)
    try:
        found = nearest_peers(rows, district, [one.id for one in used], COUNT, [one.id for one in used if one.logarithm])
    except AnalysisError:
        return None
    return Alike(found, rows, used, left_out, lacking) if len(found.table) else None


def target_peers(context: Context, *, asked: TargetsAsked, district: str) -> Exhibit:
    """The five districts alike with the values that make them so, and the index beside."""
    texts, order = context.texts, order_of(context.store, asked)
    names = base_rows(context.store, asked.city, "total_households", asked.year)["name"]
    found = alike(context.store, asked, district) if district in names.index else None
    name = words_of.district_name(context, str(names[district])) if district in names.index else ""
    if order is None or found is None:
        title = texts("evidence.peers.title_none", name=name) if name else texts("targets.title_none", place=words_of.city_name(context, asked.city))
        return evidence.nothing(context, asked, "target_peers", title, texts("targets.sentence_none") if order is None else texts("evidence.peers.none"))
    ranks = _ranks(order, (district, *found.codes))
    variables = texts("frame.list_separator").join(_word(context, one) for one in found.used)
    return Exhibit(
        id="target_peers",
        title=_title(context, found, ranks, district, name),
        subtitle=evidence.marked(context, asked, texts("evidence.peers.subtitle", variables=variables, year=words_of.years(context, asked.as_map))),
        sentence=_sentence(context, found, ranks, district, name, names),
        sources=evidence.sources(context, asked, INDEX),
        cautions=evidence.cautions(context, asked, texts("evidence.peers.distance"), texts("targets.not_cause")),
        table=_table(context, order, found, district, names, ranks),
        settings=evidence.settings(context, asked, district=district, variables=" ".join(one.id for one in found.used)),
        is_sample=asked.sample,
    )


def _word(context: Context, variable: Variable, field: str = "title") -> str:
    return context.texts(f"evidence.peers.variable.{variable.id}.{field}")


def _ranks(order: Order, codes: tuple[str, ...]) -> pd.Series:
    """Ranks by the index within the group, 1 = highest; NaN without a score."""
    scores = order.index.score.reindex(list(codes)).round(9)
    return pd.Series(competition_rank(scores.to_numpy(float)), index=list(codes))


def _title(context: Context, found: Alike, ranks: pd.Series, district: str, name: str) -> str:
    texts, held = context.texts, int(ranks.notna().sum())
    if numbers.is_missing(ranks[district]) or held < 2:
        return texts("evidence.peers.title_no_score", name=name, count=len(found.codes))
    return texts("evidence.peers.title", name=name, peers=held - 1, held=held, rank=numbers.count(ranks[district]))


def _sentence(context: Context, found: Alike, ranks: pd.Series, district: str, name: str, names: pd.Series) -> str:
    texts, nearest = context.texts, found.codes[0]
    parts = [
        texts(
            "evidence.peers.sentence", name=name, names=evidence.named(context, [str(names[code]) for code in found.codes]), compared=found.peers.compared,
            nearest=words_of.district_name(context, str(names[nearest])), alike=_word(context, found.extreme(nearest, most=False)),
        )
    ]  # fmt: skip
    if numbers.is_missing(ranks[district]):
        parts.append(texts("evidence.peers.no_score", name=name))
    if found.left_out:
        left_out = texts("frame.list_separator").join(_word(context, one) for one in found.left_out)
        parts.append(texts("evidence.peers.left_out", variables=left_out))
    if found.lacking:
        parts.append(texts("evidence.peers.lacking", variables=texts("frame.list_separator").join(_word(context, one) for one in found.lacking)))
    if found.peers.left_out:
        parts.append(texts("evidence.peers.incomplete", count=found.peers.left_out))
    return evidence.joined(context, parts)


def _table(context: Context, order: Order, found: Alike, district: str, names: pd.Series, ranks: pd.Series) -> Table:
    """The district first, then the districts alike, nearest first."""
    texts, rows = context.texts, []
    for code in (district, *found.codes):
        peer = code != district
        row: dict[str, object] = {
            "place": str(names[code]),
            "score": order.index.score.get(code),
            "among": ranks[code],
            "rank": order.index.rank.get(code),
            "code": code,
        }
        row |= {one.id: found.rows.at[code, one.id] for one in VARIABLES}
        row["nearness"] = found.peers.table["rank"][code] if peer else None
        row["distance"] = found.peers.table["distance"][code] if peer else None
        row["alike"] = _word(context, found.extreme(code, most=False), "short") if peer else ""
        row["differs"] = _word(context, found.extreme(code, most=True), "short") if peer else ""
        rows.append(row)
    # Variables that were not used stand there too where they are held: whoever doubts the choice can look.
    columns = (
        Column("place", texts("need_map.column.place")),
        Column("nearness", texts("compare.column.nearness"), "rank"),
        Column("score", texts("need_map.index.short"), "decimal", 2 if order.index.normaliser == "z" else 1),
        Column("among", texts("evidence.peers.column.among"), "rank"),
        Column("rank", texts("targets.column.rank"), "rank"),
        *(Column(one.id, _word(context, one, "short"), one.kind, one.decimals) for one in VARIABLES),
        Column("distance", texts("compare.column.distance"), "decimal", 2),
        Column("alike", texts("evidence.peers.column.alike")),
        Column("differs", texts("compare.column.differs")),
        Column("code", texts("need_map.column.code")),
    )
    return Table(columns, pd.DataFrame(rows, columns=[one.id for one in columns]), texts("evidence.peers.table"))
