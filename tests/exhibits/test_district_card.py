"""The card of a district before it is drawn: the same words as page and table, reasons for what is missing, places where they are."""

from __future__ import annotations

import re

import pytest
import shapely

from atlas.analysis.errors import AnalysisError
from atlas.exhibits import district_card as module
from atlas.exhibits import district_profile as profile_module
from atlas.exhibits.context import Context
from atlas.exhibits.district_card import BARS, Card, district_card, district_cards, district_codes
from atlas.exhibits.district_layer import WITHHELD, city_figures, held
from atlas.exhibits.district_profile import NOT_BESIDE, district_profile
from atlas.exhibits.need_classes import classes
from atlas.exhibits.need_index import IndexChoice, offered, preset_weights
from atlas.exhibits.need_map import Asked, layer_of, table
from atlas.exports.formatted import cell_text
from atlas.store import geography

CITY = "99201"
ASKED = Asked((CITY,), "one_person_household_share", 2020, sample=True)
KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def cards(japanese: Context) -> list[Card]:
    return list(district_cards(japanese, city=CITY))


@pytest.fixture(scope="module")
def withheld(japanese: Context) -> str:
    """A district of which the share of single mothers and fathers in 2020 is withheld."""
    frame = city_figures(japanese.store, CITY)
    own = frame[(frame["state"] == WITHHELD) & (frame["year"] == 2020) & (frame["indicator_id"] == "single_mother_or_father_share")]
    return str(own["area_code"].iloc[0])


def test_a_card_a_district_in_their_order(cards: list[Card], japanese: Context) -> None:
    assert [card.code for card in cards] == list(district_codes(japanese, CITY))
    assert len({card.name for card in cards}) == 24
    assert {card.year for card in cards} == {2020}


def test_the_figures_are_those_of_the_page(cards: list[Card], japanese: Context) -> None:
    for card in cards:
        profile = district_profile(japanese, asked=ASKED, code=card.code)
        assert (card.name, card.lead, card.facts) == (profile.name, profile.lead, profile.facts)


def test_the_figures_are_those_of_the_table_to_the_last_digit(cards: list[Card], japanese: Context) -> None:
    compared = 0
    for one, years in held(japanese.store, CITY).items():
        if 2020 not in years or one in NOT_BESIDE:
            continue
        asked = Asked((CITY,), one, 2020)
        layer = layer_of(japanese, asked)
        found = table(japanese, asked, layer, classes(japanese, layer.measure, layer.rows["value"], japanese.look.palette))
        columns = {column.id: column for column in found.columns}
        rows = found.rows.set_index("code")
        for card in cards:
            fact = next(fact for fact in card.facts if fact.label == layer.measure.short)
            row = rows.loc[card.code]
            assert fact.value.startswith(cell_text(columns["value"], row["value"], "ja", row["state"]))
            assert fact.rank == (f"{row['rank']:.0f}位" if row["rank"] == row["rank"] else "")
            if "difference" in columns and columns["difference"].kind == "points" and row["difference"] == row["difference"]:
                assert fact.difference == cell_text(columns["difference"], row["difference"], "ja")
            compared += 1
    assert compared == 24 * len(cards[0].facts)


def test_bars_are_the_shares_of_the_table(cards: list[Card]) -> None:
    for card in cards:
        facts = {fact.label: fact.value for fact in card.facts}
        assert len(card.comparisons) == BARS
        for one in card.comparisons:
            assert facts[one.label] == one.words
            assert one.low is not None
            assert one.high is not None
            assert one.value is None or one.low <= one.value <= one.high
    values = [card.comparisons[0].value for card in cards]
    assert min(values) == cards[0].comparisons[0].low  # type: ignore[type-var]
    assert max(values) == cards[0].comparisons[0].high  # type: ignore[type-var]


def test_the_sentence_says_value_city_difference_and_rank(cards: list[Card]) -> None:
    first = next(card for card in cards if card.facts[0].rank == "1位")
    assert first.headline == (f"単独世帯の割合は{first.facts[0].value}。市全体（37.1%）との差は{first.facts[0].difference}、高いほうから1位（24校区中）です。")


def test_what_is_withheld_says_so_and_is_no_number(japanese: Context, withheld: str) -> None:
    card = district_card(japanese, code=withheld, indicator="single_mother_or_father_share")
    assert card.headline == "母子・父子世帯の割合は示していません（数が少なく非表示）。0という意味ではありません。"
    fact = next(fact for fact in card.facts if fact.label == "母子・父子世帯の割合")
    bar = next(one for one in card.comparisons if one.label == "母子・父子世帯の割合")
    assert (fact.value, fact.difference, fact.rank) == ("数が少なく非表示", "", "")
    assert (bar.words, bar.value) == ("数が少なく非表示", None)
    assert any("0という意味ではありません" in line for line in card.cautions)


def test_nothing_is_blank(cards: list[Card]) -> None:
    for card in cards:
        assert all(fact.label and fact.value for fact in card.facts)
        assert all(one.words and one.beside for one in card.comparisons)
        assert all((card.headline, card.lead, card.cautions, card.sources, card.data_version))


def test_a_city_without_figures_says_not_loaded_everywhere(japanese: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in (module, profile_module):
        monkeypatch.setattr(one, "held", lambda store, city: {})
    card = next(district_cards(japanese, city=CITY))
    assert card.year is None
    assert {fact.value for fact in card.facts} == {"未収録"}
    assert {one.words for one in card.comparisons} == {"未収録"}
    assert all(one.value is None and one.city is None for one in card.comparisons)
    assert "未収録" in card.headline
    assert "取り込む" in card.lead


def test_the_sample_is_marked(cards: list[Card], japanese: Context) -> None:
    assert all(card.sample.startswith("見本（架空）データ") for card in cards)
    assert all(card.data_version == japanese.store.version for card in cards)


def test_places_are_those_of_the_district_and_stand_inside_it(cards: list[Card], japanese: Context) -> None:
    frame = geography.places(japanese.store, CITY)
    for card in cards:
        assert sorted(place.name for place in card.places) == sorted(frame[frame["district_code"] == card.code]["name_ja"])
        assert len(card.places) + len(card.elsewhere) == len(frame)
        assert card.ground is not None
        shape = card.ground.near[card.code].buffer(50)
        assert all(shape.contains(shapely.Point(place.x, place.y)) for place in card.places)
        kinds = [place.is_school for place in card.places]
        assert kinds == sorted(kinds, reverse=True), "schools first"


def test_simplified_ground_is_that_of_the_database(cards: list[Card], japanese: Context) -> None:
    areas = geography.shapes(japanese.store, CITY, "school_district").set_index("area_code")["area_km2"]
    for card in cards:
        assert card.ground is not None
        assert card.ground.near[card.code].area / 1e6 == pytest.approx(areas[card.code], rel=0.01)
        assert len(shapely.get_coordinates(card.ground.far[card.code])) <= len(shapely.get_coordinates(card.ground.near[card.code]))


def test_with_an_index_its_parts_stand_on_the_card(japanese: Context) -> None:
    weights = tuple(preset_weights("equal", offered(japanese.store, (CITY,), 2020)).items())
    card = next(district_cards(japanese, city=CITY, index=IndexChoice(weights, "percentile", "arithmetic")))
    assert card.headline.startswith("必要度の指数は")
    assert card.index is not None
    assert len(card.index.parts) == sum(weight > 0 for _, weight in weights)
    assert any("指数は、選んだ重みで" in line for line in card.cautions)


def test_another_census_has_its_own_figures(japanese: Context, cards: list[Card]) -> None:
    card = district_card(japanese, code=cards[0].code, year=2010)
    assert card.year == 2010
    assert card.lead.startswith("2010年(平成22年)")
    assert card.facts != cards[0].facts


def test_english_words_but_for_names(english: Context) -> None:
    card = next(district_cards(english, city=CITY))
    assert not KANA_OR_KANJI.search(card.headline + card.lead + card.sample + "".join(fact.label + fact.value + fact.difference for fact in card.facts))


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"city": "31201"}, "31201"), ({"city": CITY, "codes": ("99201-x",)}, "99201-x"), ({"city": CITY, "year": 1999}, "2010, 2015, 2020")],
)
def test_what_is_not_held_is_refused_at_once(japanese: Context, asked: dict[str, object], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        district_cards(japanese, **asked)  # type: ignore[arg-type]
