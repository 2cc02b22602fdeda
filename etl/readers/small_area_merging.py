"""Small areas made into units that may be compared: 飛び地 dissolved, hidden areas joined with their receivers, polygons joined.

The detail of a hidden area (秘匿) was added to its receiver (合算), so only both together say anything. A unit's figure is
the sum of what its members print: where a table prints a hidden area's own total (population is never hidden in most
tables) the receiver holds its own only, where it prints X the receiver holds both, and the sum is right each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.problems import EtlError, Problem
from etl.readers.geo_reading import SMALL_AREA_COLUMNS, TABLE_COLUMNS, Remark
from etl.readers.small_area_text import TITLES_JA

UNIT_COLUMNS = ["unit_code", "municipality_code", "name_ja", "members", "is_merged"]
"""One row a unit; `members` are the key codes of its polygons joined by ';'; then one column per indicator, NaN where suppressed."""
CITY, TOWN, TOWN_TOTAL, CHOME = 1, 2, 3, 4
DIFFERENT_ABOVE = 0.005
"""Boundary and table are of different censuses when more than this share of people stands in the wrong place."""
WATER = 8154
SAME_CENSUS = "Use the boundary file and the table of the same census year."
PRINTED_TWICE = (("population", "population"), ("households", "total_households"))
"""Figures that stand in the boundary file and in a table."""
PRINTED_JA = {"population": "人口", "households": "世帯数"}


def dissolved(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Remark]]:
    """One row a KEY_CODE with the sums of JINKO and SETAI, in SMALL_AREA_COLUMNS, sorted; invalid polygons mended first."""
    remarks = []
    shapes, broken = mended(rows.geometry.to_numpy())
    if len(broken):
        codes = sorted(set(rows["KEY_CODE"].iloc[broken]))
        ja = f"不正な形のポリゴンを{len(broken):,}件修正しました({_some(codes)})。"
        remarks.append(Remark("mended", ja, f"{len(broken):,} invalid polygons were mended ({_some(codes)})."))
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if empty.any():
        ja = f"形の無い{int(empty.sum()):,}行は地図に載りません。"
        remarks.append(Remark("other", ja, f"{int(empty.sum()):,} rows have no polygon and are not on the map."))
    names = rows["S_NAME"].fillna("").astype(str).to_numpy() if "S_NAME" in rows else ""
    parts = pd.DataFrame({"key_code": rows["KEY_CODE"].to_numpy(), "name_ja": names, "geometry": shapes, "size": shapely.area(shapes)})
    for column, field in (("is_water", "HCODE"), ("population", "JINKO"), ("households", "SETAI")):
        parts[column] = pd.to_numeric(rows[field], errors="coerce").to_numpy(float) if field in rows else np.nan
    parts["is_water"] = parts["is_water"] == WATER
    parts = parts.sort_values(["key_code", "is_water", "population", "size", "name_ja"], ascending=[True, True, False, False, True])
    groups = parts.assign(name_ja=parts["name_ja"].replace("", None)).groupby("key_code")
    frame = groups[["population", "households"]].sum(min_count=1)
    frame["is_water"] = groups["is_water"].all()
    frame["name_ja"] = groups["name_ja"].first().fillna("")
    # Water that carries the code of a piece of land is left out of its polygon, not out of its figures.
    shown = parts[~empty[parts.index] & (parts["is_water"] == parts["key_code"].map(frame["is_water"]))]
    frame["geometry"] = shown.drop_duplicates("key_code").set_index("key_code")["geometry"]
    for key, several in shown[shown["key_code"].duplicated(keep=False)].groupby("key_code")["geometry"]:
        frame.at[key, "geometry"] = shapely.union_all(several.to_numpy())
    many = parts["key_code"].duplicated(keep=False)
    if many.any():
        keys = parts.loc[many, "key_code"].nunique()
        ja = f"飛び地などで同じKEY_CODEが並ぶ{int(many.sum()):,}行を{keys:,}区域にまとめ、人口と世帯数を合計しました。"
        remarks.append(Remark("other", ja, f"{int(many.sum()):,} rows share {keys:,} KEY_CODEs (detached parts); they were dissolved, their figures added."))
    frame = frame[frame["geometry"].notna()].reset_index()
    frame["municipality_code"] = frame["key_code"].str[:5]
    return gpd.GeoDataFrame(frame[SMALL_AREA_COLUMNS], geometry="geometry", crs=rows.crs), remarks


def mended(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Valid polygons (lines and points that mending leaves behind are dropped), and the positions of those that were not."""
    broken = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    shapes = shapes.copy()
    for position in broken:
        parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shapes[position])))
        shapes[position] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return shapes, broken


def indicators_of(table: pd.DataFrame) -> list[str]:
    """The indicator columns of a small-area table or of units."""
    return [column for column in table.columns if column not in {*TABLE_COLUMNS, *UNIT_COLUMNS}]


def merged_units(table: pd.DataFrame) -> pd.DataFrame:
    """One row a unit: levels 2 and 4, each hidden area joined with the area that received its detail.

    A town total (level 3) that is itself a receiver gives what it holds beyond its 丁目. Sums over all units equal the city row
    (`merging_remarks` says where they do not). The order of rows does not matter. EtlError when a key code stands twice.
    """
    twice = sorted(set(table["key_code"][table["key_code"].duplicated()]))
    if twice:
        message = f"{len(twice):,} key codes stand twice"
        raise EtlError([Problem("table", message, column="KEY_CODE", found=_some(twice), next_step="Load each table once.")])
    names = indicators_of(table)
    leaves = table[table["level"].isin([TOWN, CHOME])]
    towns = _receiving_towns(table)
    chome = leaves[(leaves["level"] == CHOME) & leaves["key_code"].str[:9].isin(set(towns["key_code"]))]
    below = chome[names].groupby(chome["key_code"].str[:9]).sum()
    towns[names] = towns[names] - below.reindex(towns["key_code"]).fillna(0).set_axis(towns.index)
    rows = pd.concat([leaves, towns]).sort_values("key_code")
    rows["unit_code"] = _roots(rows)
    groups = rows.groupby("unit_code")
    units = groups[["municipality_code", "name_ja"]].first().reset_index()
    units["is_merged"] = (groups.size() > 1).to_numpy()
    places = rows[rows["level"] != TOWN_TOTAL]
    units["members"] = units["unit_code"].where(units["unit_code"].isin(places["key_code"]), "")
    units = units.set_index("unit_code")
    merged = places[places["unit_code"].map(groups.size()) > 1].groupby("unit_code")
    units.update(merged.agg(name_ja=("name_ja", lambda shown: _some(shown, "・", 3)), members=("key_code", ";".join)))
    return units.join(groups[names].sum(min_count=1)).reset_index()[[*UNIT_COLUMNS, *names]]


def _roots(rows: pd.DataFrame) -> list[str]:
    """For each row the smallest key code of the group of areas that hidden-receiver links tie together."""
    root = {key: key for key in rows["key_code"]}

    def top(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    linked = rows[(rows["receiver"] != "") | (rows["received"] != "")]
    for key, receiver, received in zip(linked["key_code"], linked["receiver"], linked["received"], strict=True):
        for other in (*receiver.split(";"), *received.split(";")):
            if other in root:
                first, second = sorted((top(key), top(other)))
                root[second] = first
    return [top(key) for key in rows["key_code"]]


def _receiving_towns(table: pd.DataFrame) -> pd.DataFrame:
    """Level-3 rows that took up hidden areas."""
    asked = set(table.loc[table["level"].isin([TOWN, CHOME]), "receiver"])
    return table[(table["level"] == TOWN_TOTAL) & ((table["processing"] == "receiver") | table["key_code"].isin(asked))].copy()


def merging_remarks(table: pd.DataFrame, units: pd.DataFrame) -> tuple[Remark, ...]:
    """What was merged, what could not be placed, and every figure whose units do not add up to the row of the city."""
    remarks = []
    leaves = table[table["level"].isin([TOWN, CHOME])]
    hidden, towns = leaves[leaves["processing"] == "hidden"], len(_receiving_towns(table))
    if units["is_merged"].any():
        merged = int(units["is_merged"].sum())
        ja = f"秘匿された{len(hidden):,}区域を合算先とまとめ、{merged:,}の単位にしました(町全体の行への合算{towns:,}件を含む)。"
        en = f"{len(hidden):,} hidden areas were joined with their receivers, units so made: {merged:,}; {towns:,} of the receivers are town totals."
        remarks.append(Remark("suppressed", ja, en))
    lost = sorted(hidden.loc[~hidden["receiver"].isin(set(table["key_code"])), "key_code"])
    if lost:
        ja = f"合算先がこの表に無い秘匿区域が{len(lost):,}あります({_some(lost)})。値は不明のままです。"
        en = f"{len(lost):,} hidden areas have no receiver in this table ({_some(lost)}); their figures stay unknown."
        remarks.append(Remark("suppressed", ja, en))
    names = indicators_of(units)
    sums = units.groupby("municipality_code")[names].sum()
    printed = table[table["level"] == CITY].set_index("key_code")[names].reindex(sums.index)
    alone = sorted(set(sums.index) - set(table.loc[table["level"] == CITY, "key_code"]))
    if alone:
        ja = f"市区町村の行が無いため、合計を照合できません({_some(alone)})。"
        remarks.append(Remark("other", ja, f"There is no row of the city with which the sums could be compared ({_some(alone)})."))
    added, cities = sums.to_numpy(float), printed.to_numpy(float)
    for row, column in np.argwhere(np.abs(added - cities) > 0.5):
        total, city, gap = f"{added[row, column]:,.0f}", f"{cities[row, column]:,.0f}", f"{added[row, column] - cities[row, column]:+,.0f}"
        place, title_ja = f"{sums.index[row]} {names[column]}", TITLES_JA.get(names[column], names[column])
        ja = f"{sums.index[row]} {title_ja}: 区域の合計{total}は市区町村の行{city}と{gap}違います。"
        remarks.append(Remark("other", ja, f"{place}: the areas add up to {total}, the city row says {city} ({gap})."))
    return tuple(remarks)


def combined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables of one census, side by side: one row a key code, every indicator of a municipality from one table only.

    Two tables may print one indicator differently (population own, or merged), so a column is never patched from another
    table: it comes from the one that hides least of it, the first on a tie.
    """
    fixed = pd.concat([table[TABLE_COLUMNS] for table in tables])
    order = fixed["processing"].map({"receiver": 0, "hidden": 1}).fillna(2)
    fixed = fixed.assign(order=order).sort_values(["key_code", "order"], kind="stable")
    result = fixed.drop_duplicates("key_code").drop(columns="order").set_index("key_code")
    for name in dict.fromkeys(name for table in tables for name in indicators_of(table)):
        held = [table.set_index("key_code")[["municipality_code", name]] for table in tables if name in table]
        known = pd.concat([one[name].notna().groupby(one["municipality_code"]).sum() for one in held], axis=1, keys=range(len(held)))
        best = known.fillna(-1).idxmax(axis=1)
        chosen = [one.loc[one["municipality_code"].map(best) == number, name] for number, one in enumerate(held)]
        result[name] = pd.concat(chosen)
    return result.reset_index()


@dataclass(frozen=True)
class Joined:
    """Polygons with the figures of their units.

    frame: one row a polygon: key_code, municipality_code, name_ja, is_water, boundary_population, boundary_households, unit_code,
    is_merged, unit_share, one column per indicator, geometry. A unit's figure is shared out to its polygons by the printed total
    households, so that areas may be added; the part of one member of a merged unit is an estimate and is not to be shown alone.
    """

    frame: gpd.GeoDataFrame
    remarks: tuple[Remark, ...]


def joined(areas: gpd.GeoDataFrame, units: pd.DataFrame) -> Joined:
    """Small areas joined with the units of a table of the same census (ask `check_same_census` first); what is left over is told."""
    names, remarks = indicators_of(units), []
    units = units[units["municipality_code"].isin(set(areas["municipality_code"]))]
    frame = areas.rename(columns={"population": "boundary_population", "households": "boundary_households"})
    frame = frame.join(_by_member(units)[["unit_code", "is_merged", *names]], on="key_code")
    frame["is_merged"] = frame["is_merged"].eq(True)
    alone = frame[frame["unit_code"].isna() & ~frame["is_water"].astype(bool)]
    if len(alone):
        people, codes = f"{alone['boundary_population'].sum():,.0f}", _some(sorted(alone["key_code"]))
        ja = f"統計表に無い区域が{len(alone):,}あります(境界データの人口{people}人、{codes})。"
        en = f"{len(alone):,} areas are not in the table (population {people} in the boundary file; {codes})."
        remarks.append(Remark("other", ja, en))
    figure = "population" if "population" in names else names[0]
    unplaced = units[~units["unit_code"].isin(set(frame["unit_code"])) & (units[figure] != 0)]
    if len(unplaced):
        lost, codes = f"{unplaced[figure].sum():,.0f}", _some(sorted(unplaced["unit_code"]))
        ja = f"区域の形が無い単位が{len(unplaced):,}あり、{TITLES_JA.get(figure, figure)}{lost}が地図に載りません({codes})。"
        remarks.append(Remark("other", ja, f"{len(unplaced):,} units have no polygon, {figure} {lost} is not on the map ({codes})."))
    weight = frame["boundary_households"].fillna(0)
    total = weight.groupby(frame["unit_code"]).transform("sum")
    equal = 1 / frame.groupby("unit_code")["key_code"].transform("size")
    frame["unit_share"] = (weight / total).where(total > 0, equal)
    frame[names] = frame[names].mul(frame["unit_share"], axis=0)
    first = [column for column in frame.columns if column not in {*names, "geometry"}]
    return Joined(frame[[*first, *names, "geometry"]], tuple(remarks))


def _by_member(units: pd.DataFrame) -> pd.DataFrame:
    """One row for each polygon of each unit, by its key code."""
    members = units.assign(key_code=units["members"].str.split(";")).explode("key_code")
    return members[members["key_code"] != ""].set_index("key_code")


def check_same_census(areas: gpd.GeoDataFrame, table: pd.DataFrame, areas_year: int = 0, table_year: int = 0) -> None:
    """Raise EtlError, with the difference in numbers for each municipality, unless boundary and table are of one census.

    The figures decide, whatever the years say: half a percent of the people at most may stand in one of the two only, or be
    another number. Years (0: unknown) that differ are refused too.
    """
    problems = []
    units = merged_units(table[table["municipality_code"].isin(set(areas["municipality_code"]))])
    for code, own in areas.groupby("municipality_code"):
        theirs = units[units["municipality_code"] == code]
        if theirs.empty:
            step = "Load the table of that prefecture."
            problems.append(Problem("boundary and table", f"the table has no row of municipality {code}", next_step=step))
            continue
        pair = next((pair for pair in PRINTED_TWICE if pair[1] in theirs and own[pair[0]].notna().any()), None)
        printed, figure = pair or ("households", indicators_of(theirs)[0])
        unit_of = _by_member(theirs)["unit_code"]
        here = own.groupby(own["key_code"].map(unit_of).fillna(own["key_code"]))[printed].sum()
        both = pd.DataFrame({"here": here, "there": theirs.set_index("unit_code")[figure]}).fillna(0)
        gap = both["here"] - both["there"]
        # Another figure (general households) is a part of the printed one: only what exceeds it is wrong.
        wrong = gap.abs().sum() if pair else -gap.clip(upper=0).sum()
        total, counted = both["here"].sum(), both["there"].sum()
        share = wrong / max(total, counted, 1.0)
        if share <= DIFFERENT_ABOVE and (areas_year == table_year or 0 in (areas_year, table_year)):
            continue
        only_here = len(set(own.loc[own[printed] > 0, "key_code"]) - set(unit_of.index))
        only_there = len(set(unit_of.index) - set(own["key_code"]))
        found = f"{printed} {total:,.0f} in the boundary file, {counted:,.0f} in the table ({total - counted:+,.0f}, "
        found += f"{(total - counted) / max(counted, 1.0):+.1%}); area by area {wrong:,.0f} ({share:.1%}) differ; "
        found += f"{only_here} areas stand only in the boundary file, {only_there} only in the table"
        ja = f"境界データの{PRINTED_JA[printed]}{total:,.0f}に対し統計表は{counted:,.0f}"
        ja += f"（差{total - counted:+,.0f}、{(total - counted) / max(counted, 1.0):+.1%}）。"
        ja += f"区域ごとに見ると{wrong:,.0f}（{share:.1%}）が合わず、境界データだけにある区域が{only_here}、統計表だけにある区域が{only_there}"
        years = f"boundary {areas_year or 'of unknown year'}, table {table_year or 'of unknown year'}"
        message = f"boundary and table of {code} are not of the same census ({years})"
        problems.append(Problem("boundary and table", message, found=found, expected="equal figures", next_step=SAME_CENSUS, found_ja=ja))
    if problems:
        raise EtlError(problems)


def _some(names: Iterable[str], separator: str = ", ", most: int = 5) -> str:
    """The first few names and how many more there are."""
    listed = list(names)
    return separator.join(listed[:most]) + (f" +{len(listed) - most:,}" if len(listed) > most else "")
