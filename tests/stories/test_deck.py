"""Decks: a slide a figure with native charts that hold the figure's numbers, with title, sentence, sources, date, version, notes, sample mark."""

from __future__ import annotations

import dataclasses
import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from atlas.exhibits import overtaken, prefecture_tiles, trends
from atlas.exhibits.context import Context
from atlas.exhibits.recipe import recipe_of
from atlas.exports.tables import Provenance
from atlas.figures.look import Look
from atlas.store import registry
from atlas.stories.deck import ADDRESS, DeckError, deck_bytes, figure_deck, native
from atlas.stories.model import Shown, Story
from atlas.stories.shipped import shipped
from atlas.stories.telling import told
from tests.stories.deck_reading import POSITIONS, charts_of, numbers_of, opened, out_of_order, pairs_of, shapes_of, texts_in, words_of

MADE = date(2026, 11, 22)
Told = tuple[Context, Story, list[Shown], Any]


@pytest.fixture(scope="module", params=["ja", "en"])
def nation(request: pytest.FixtureRequest, japanese: Context, english: Context) -> Told:
    context = japanese if request.param == "ja" else english
    story = shipped()["nation"]
    shown = told(context, story)
    return context, story, shown, opened(deck_bytes(context, shown, story, made=MADE, address="https://atlas.example.jp"))


@pytest.fixture(scope="module")
def district(japanese: Context) -> Told:
    story = shipped()["district"]
    shown = told(japanese, story, "99201")
    return japanese, story, shown, opened(deck_bytes(japanese, shown, story, made=MADE))


def by_view(deck: Told, view: str) -> tuple[Any, Shown]:
    _, story, shown, presentation = deck
    at = next(number for number, slide in enumerate(story.slides) if slide.build == view)
    return presentation.slides[at + 1], shown[at]


def test_every_slide_has_title_sentence_sources_date_version_and_number(nation: Told) -> None:
    context, story, shown, presentation = nation
    slides = list(presentation.slides)
    assert len(slides) == len(shown) + 1
    version = registry.build_info(context.store)["content_hash"][:10]
    day = "2026年11月22日" if context.lang == "ja" else "22 November 2026"
    for number, (slide, one) in enumerate(zip(slides[1:], shown, strict=True), 2):
        words = words_of(slide)
        assert slide.shapes.title.text_frame.text == one.title
        assert one.sentence in words
        assert all(line in words for line in one.exhibit.sources)
        assert one.exhibit.subtitle in words
        assert day in words
        assert version in words
        assert slide.element.xpath("//a:fld[@type='slidenum']/a:t/text()") == [str(number)]
    assert slides[0].shapes.title.text_frame.text == story.title.of(context.lang)
    assert story.lead.of(context.lang) in words_of(slides[0])
    assert day in words_of(slides[0])


def test_the_notes_hold_what_the_speaker_says_and_what_is_needed_to_cite(nation: Told) -> None:
    context, _, shown, presentation = nation
    for slide, one in zip(list(presentation.slides)[1:], shown, strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert one.notes in notes
        assert one.exhibit.subtitle in notes
        assert all(line in notes for line in (*one.exhibit.cautions, *one.exhibit.sources))
        assert one.exhibit.recipe in notes
        assert context.texts("frame.sample") not in notes


def test_every_figure_of_the_stories_is_native_and_no_picture_but_the_code(nation: Told, district: Told) -> None:
    for _, _, shown, presentation in (nation, district):
        for slide, one in zip(list(presentation.slides)[1:], shown, strict=True):
            assert native(one.exhibit) in ("charts", "map")
            assert not slide.element.xpath("//p:pic")
    first = nation[3].slides[0]
    assert len(first.element.xpath("//p:pic")) == 1
    assert "https://atlas.example.jp" in words_of(first)
    assert not district[3].slides[0].element.xpath("//p:pic")


def test_a_line_has_the_table_s_numbers_its_gaps_and_its_dashes(nation: Told) -> None:
    slide, one = by_view(nation, "trends:trend")
    (chart,) = charts_of(slide)
    base = nation[0].texts("trends.base_year")
    rows = one.exhibit.table.rows.dropna(subset=["value"])
    held = {(float(row.year), float(row.value)) for row in rows.itertuples() if base not in row.what}
    drawn = pairs_of(chart)
    assert held <= drawn
    assert {(float(x), float(y)) for trace in one.exhibit.figure.data for x, y in zip(trace.x, trace.y, strict=True)} == held
    counted = chart.plots[0].series[0]
    years, shares = (numbers_of(counted, tag) for tag in ("xVal", "yVal"))
    assert years[:3] == [1960.0, 1965.0, 1970.0]
    assert shares[1] is None
    assert shares[years.index(1975.0)] is None
    assert chart._chartSpace.xpath("//c:dispBlanksAs/@val") == ["gap"]
    dashed = [series.name for series in chart.plots[0].series if series._element.xpath("./c:spPr/a:ln/a:prstDash[@val='dash']")]
    assert len(dashed) == 4
    assert not counted._element.xpath("./c:spPr/a:ln/a:prstDash")
    assert counted._element.xpath("./c:spPr/a:ln//a:srgbClr/@val") == ["0F6B8C"]


def test_the_ends_of_lines_bear_their_name_and_number(nation: Told) -> None:
    slide, _ = by_view(nation, "trends:trend")
    (chart,) = charts_of(slide)
    for series in list(chart.plots[0].series)[:5]:
        held = [at for at, value in enumerate(numbers_of(series, "yVal")) if value is not None]
        one_by_one = series._element.xpath(f"./c:dLbls/c:dLbl[c:idx/@val='{held[-1]}']")
        (last,) = one_by_one or series._element.xpath("./c:dLbls")
        assert last.xpath("./c:showSerName/@val") == ["1"]
        assert last.xpath("./c:showVal/@val") == ["1"]
        assert last.xpath("./c:numFmt/@formatCode") == ["0.0%"]


def test_stacked_bars_have_the_figure_s_order_and_shares_and_no_number_where_none_is_held(nation: Told) -> None:
    for view in ("contact:contact_waves", "family_types:family_types"):
        slide, one = by_view(nation, view)
        (chart,) = charts_of(slide)
        assert chart._chartSpace.xpath("//c:barDir/@val") == ["bar"]
        assert chart._chartSpace.xpath("//c:grouping/@val") == ["stacked"]
        assert list(chart.plots[0].categories) == list(one.exhibit.figure.layout.yaxis.ticktext)
        table = {round(float(value), 9) for value in one.exhibit.table.rows["value"].dropna()}
        for series, trace in zip(chart.plots[0].series, one.exhibit.figure.data, strict=True):
            assert series.name == trace.name
            for value, figure, text in zip(series.values, trace.x, trace.text, strict=True):
                assert value == figure or (value is None and figure == 0 and not text)
                assert value is None or round(value, 9) in table
    missing = [value for series in chart.plots[0].series for value in series.values if value is None]
    assert len(missing) == 7  # 1990: four types not held; unknown before 2020
    unknown = list(chart.plots[0].series)[-1]
    assert unknown._element.xpath("./c:spPr/a:pattFill")


def test_points_with_intervals_have_the_table_s_values_and_limits(nation: Told) -> None:
    for view in ("contact:contact_groups", "isolation:isolation_groups", "loneliness:loneliness_groups"):
        slide, one = by_view(nation, view)
        (chart,) = charts_of(slide)
        drawn = {x for x, _ in pairs_of(chart)}
        rows = one.exhibit.table.rows.dropna(subset=["value", "lower", "upper"])
        shown = {float(x) for trace in one.exhibit.figure.data for x in trace.x}
        rows = rows[rows["value"].astype(float).isin(shown)]
        assert len(rows) >= len(shown)
        for value in shown:
            assert value in drawn
            limits = rows[rows["value"] == value]
            assert any(float(row.lower) in drawn and float(row.upper) in drawn for row in limits.itertuples())
        numbers = {note.text for note in one.exhibit.figure.layout.annotations if note.text.endswith("%") and note.yref != "paper"}
        assert numbers <= set(texts_in(chart))
        assert list(one.exhibit.figure.layout.yaxis.ticktext) == [text for text in texts_in(chart) if text in one.exhibit.figure.layout.yaxis.ticktext]


def test_bars_side_by_side_keep_rows_series_whiskers_and_names(nation: Told) -> None:
    slide, one = by_view(nation, "participation:participation")
    (chart,) = charts_of(slide)
    rows = one.exhibit.table.rows
    for series in chart.plots[0].series:
        year = int(series.name[:4])
        for category, value in zip(chart.plots[0].categories, series.values, strict=True):
            (row,) = rows[(rows["year"] == year) & (rows["category"] == category)].itertuples()
            assert value == float(row.value)
        plus = numbers_of(series, "errBars/c:plus")
        first = rows[(rows["year"] == year) & (rows["category"] == chart.plots[0].categories[0])].iloc[0]
        assert plus[0] == pytest.approx(float(first["upper"] - first["value"]))


def test_bars_by_age_stand_in_a_chart_a_sex_with_empty_cells_where_nothing_is_held(nation: Told) -> None:
    slide, one = by_view(nation, "living_alone:living_alone_by_age")
    men, women = charts_of(slide)
    rows = one.exhibit.table.rows.dropna(subset=["value"])
    values = [value for chart in (men, women) for series in chart.plots[0].series for value in series.values]
    assert sorted(value for value in values if value is not None) == sorted(float(value) for value in rows["value"])
    assert [value for series in women.plots[0].series for value in series.values if value is not None] == [0.269]
    assert nation[0].texts("frame.status.not_loaded").split()[-1] in words_of(slide)


def test_panels_share_scales_and_hold_every_point(nation: Told) -> None:
    slide, one = by_view(nation, "older:older_definitions")
    charts = charts_of(slide)
    assert len(charts) == 3
    assert len({tuple(chart._chartSpace.xpath("//c:valAx/c:scaling/c:max/@val")) for chart in charts}) == 1
    drawn = set().union(*(pairs_of(chart) for chart in charts))
    wanted = {(float(x), float(y)) for trace in one.exhibit.figure.data for x, y in zip(trace.x, trace.y, strict=True) if y is not None}
    assert wanted <= drawn


def test_the_workbook_of_a_chart_has_the_numbers_it_shows(nation: Told) -> None:
    for view in ("overtaken:overtaken", "contact:contact_waves", "trends:trend"):
        slide, _ = by_view(nation, view)
        for chart in charts_of(slide):
            sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
            for reference in chart._chartSpace.xpath("//c:numRef"):
                cells = [cell.value for (cell,) in sheet[next(one.text for one in reference if one.tag.endswith("}f")).split("!")[1].replace("$", "")]]
                held = {int(one.get("idx")): float(one[0].text) for one in reference.iter() if one.tag.endswith("}pt")}
                assert {at for at, cell in enumerate(cells) if cell is not None} == set(held)
                assert all(cells[at] == pytest.approx(value, rel=2e-15) for at, value in held.items())  # a workbook keeps 16 digits


def test_a_map_is_a_group_of_named_outlines_in_the_colours_of_their_classes(district: Told) -> None:
    slide, one = by_view(district, "need_map:need_map")
    (group,) = [shape for shape in slide.shapes if shape.name == "地図"]
    names = {shape.name for shape in group.shapes}
    areas = next(trace for trace in one.exhibit.figure.data if trace.type == "choropleth" and len(trace.locations) > 1)
    assert {str(tip).split("<br>")[0].replace("<b>", "").replace("</b>", "") for tip in areas.customdata} <= names
    drawn = [shape for shape in group.shapes if shape._element.xpath("./p:spPr/a:custGeom")]
    colours = {shape.name: shape._element.xpath("./p:spPr/a:solidFill/a:srgbClr/@val") for shape in drawn}
    palette = [colour.lstrip("#") for colour in Look("ja").palette.sequential]
    for tip, group_number in zip(areas.customdata, areas.z, strict=True):
        assert colours[str(tip).split("<br>")[0].replace("<b>", "").replace("</b>", "")] == [palette[int(group_number)]]
    words = words_of(slide)
    assert all(note.text in words for note in one.exhibit.figure.layout.annotations)


def test_shapes_stay_on_their_slide(nation: Told, district: Told) -> None:
    for _, _, _, presentation in (nation, district):
        for slide in presentation.slides:
            for shape in shapes_of(slide):
                assert shape.left >= 0
                assert shape.top >= 0
                assert shape.left + shape.width <= presentation.slide_width + 1
                assert shape.top + shape.height <= presentation.slide_height + 1


def test_charts_keep_the_order_of_the_schema_and_places_their_kind_has(nation: Told, district: Told) -> None:
    for _, _, _, presentation in (nation, district):
        for chart in [chart for slide in presentation.slides for chart in charts_of(slide)]:
            assert not out_of_order(chart._chartSpace)
            for kind, places in POSITIONS.items():
                assert set(chart._chartSpace.xpath(f"//c:{kind}//c:dLblPos/@val")) <= places
            assert set(chart._chartSpace.xpath("//c:grouping[@val='stacked']/../c:ser//c:dLblPos/@val")) <= {"ctr"}


def test_ids_of_shapes_are_their_own(nation: Told, district: Told) -> None:
    for _, _, _, presentation in (nation, district):
        for slide in presentation.slides:
            ids = slide.element.xpath("//p:cNvPr/@id")
            assert len(ids) == len(set(ids))


def test_every_slide_of_a_sample_says_so_in_the_colour_of_caution(district: Told) -> None:
    context, _, _, presentation = district
    mark = context.texts("frame.sample")
    caution = context.look.palette.caution.lstrip("#")
    for slide in presentation.slides:
        marked = [
            shape
            for shape in slide.shapes
            if shape.has_text_frame and mark in shape.text_frame.text and caution in str(shape._element.xpath(".//a:srgbClr/@val"))
        ]
        assert marked
        assert not slide.has_notes_slide or mark in slide.notes_slide.notes_text_frame.text


def test_one_figure_is_one_slide_light_whatever_the_page_s_look_and_with_a_code_where_others_find_it(
    japanese: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    dark = dataclasses.replace(japanese, look=Look("ja", dark=True, scale=1.5))
    exhibit = dataclasses.replace(overtaken.overtaken(dark), recipe=recipe_of(overtaken.overtaken, {}, "ja").text())
    monkeypatch.setenv(ADDRESS, "https://atlas.example.jp/app/")
    presentation = opened(figure_deck(exhibit, dark, Provenance("2026-11-22T10:00:00+09:00", "http://localhost:8501/trends?area=00000")))
    (slide,) = presentation.slides
    (chart,) = charts_of(slide)
    assert "0F6B8C" in chart._chartSpace.xpath("//a:srgbClr/@val")
    assert Look("ja", dark=True).palette.accent.lstrip("#") not in chart._chartSpace.xpath("//a:srgbClr/@val")
    assert slide.element.xpath("//p:pic//p:cNvPr/@descr") == ["https://atlas.example.jp/app/trends?area=00000"]
    monkeypatch.delenv(ADDRESS)
    assert not opened(figure_deck(exhibit, dark, Provenance("2026-11-22T10:00:00+09:00"))).slides[0].element.xpath("//p:pic")


def test_an_address_that_is_none_is_refused(japanese: Context) -> None:
    story = shipped()["nation"]
    for address in ("atlas.example.jp", "javascript:alert(1)", "https://name:word@example.jp"):
        with pytest.raises(DeckError, match=ADDRESS):
            deck_bytes(japanese, [], story, address=address)


def test_tiles_are_boxes_and_a_trend_without_recipe_is_taken_as_it_is(japanese: Context) -> None:
    tiles = prefecture_tiles.prefecture_tiles(japanese, indicator_id="one_person_household_share", prefecture="31000", year=2020)
    assert native(tiles) == "tiles"
    (slide,) = opened(figure_deck(tiles, japanese, Provenance("2026-11-22T10:00:00+09:00"))).slides
    words = words_of(slide)
    assert all(str(text).split("<br>")[-1].replace("</b>", "") in words for text in tiles.figure.data[0].text)
    bare = dataclasses.replace(trends.trend(japanese, indicator_id="one_person_household_share"), figure=None)
    assert native(bare) == "table"
    (slide,) = opened(figure_deck(bare, japanese, Provenance("2026-11-22T10:00:00+09:00"))).slides
    assert "16.5%" in words_of(slide)
