"""The catalogue page: topics and words from the URL, both languages, bad input, downloads."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from atlas.exhibits.catalogue import catalogue
from atlas.exhibits.context import Context
from atlas.exports.tables import Provenance, csv_bytes, xlsx_bytes
from atlas.interface.entries import blocks, found
from catalog.folder import PROJECT


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/catalogue.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_everything_stands_on_the_page_in_both_languages() -> None:
    said = words(opened())
    assert 'id="indicator-one_person_household_share"' in said
    assert 'id="source-ssdse_e"' in said
    assert "まだ実際のファイルで試していません" in said
    assert "記録なし" in said
    said = words(opened(lang="en"))
    assert "not recorded" in said
    assert "no figures held" in said


def test_a_topic_shows_only_its_own() -> None:
    said = words(opened(topic="sources"))
    assert 'id="source-census"' in said
    assert 'id="indicator-' not in said


def test_words_narrow_down_and_an_id_opens_its_entry() -> None:
    said = words(opened(q="one_person_household_share"))
    assert '<details open class="atlas-entry" id="indicator-one_person_household_share"' in said
    assert "ssdse_e" not in said


def test_words_are_found_in_any_width_and_case(japanese: Context) -> None:
    made = blocks(japanese)
    wide, narrow = found(japanese, made, "", "ＳＳＤＳＥ")[1], found(japanese, made, "", "ssdse")[1]
    assert wide == narrow
    assert wide["entries"] > 0


def test_all_words_must_be_found(japanese: Context) -> None:
    made = blocks(japanese)
    both = found(japanese, made, "", "単独世帯 65歳")[1]["entries"]
    assert 0 < both < found(japanese, made, "", "単独世帯")[1]["entries"]


def test_typing_writes_the_words_into_the_url() -> None:
    app = opened()
    app.text_input(key="catalogue:q").set_value("警察").run()
    assert not app.exception
    assert app.query_params["q"] in ("警察", ["警察"])
    assert 'id="source-npa_deaths_at_home"' in words(app)


def test_nothing_found_is_said_with_what_to_do() -> None:
    assert "当てはまる項目はありません" in words(opened(q="zzzz"))


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "nothing"},
        {"topic": "<script>alert(1)</script>"},
        {"q": "<script>alert(1)</script>"},
        {"q": '"><img src=x onerror=alert(1)>'},
        {"q": "x" * 10_000},
        {"topic": "y" * 10_000, "lang": "zz"},
    ],
)
def test_a_bad_url_gives_a_note_and_no_traceback(query: dict[str, str]) -> None:
    said = words(opened(**query))
    assert "atlas-note" in said
    assert "<script>alert" not in said
    assert "<img" not in said


def test_words_from_the_data_are_escaped(japanese: Context) -> None:
    html = found(japanese, blocks(japanese), "", "")[0]
    assert "<script" not in html
    assert html.count("<section") == html.count("</section>")
    assert html.count("<details") == html.count("</details>")


def test_the_catalogue_can_be_taken_away_as_a_file(japanese: Context) -> None:
    exhibit = catalogue(japanese)
    provenance = Provenance("2026-01-01T00:00:00+09:00")
    assert "one_person_household_share" in csv_bytes(exhibit, japanese, provenance).decode("utf-8-sig")
    assert xlsx_bytes(exhibit, japanese, provenance)[:2] == b"PK"
