"""The page 重点地区: both languages, sample banner, length and weights in the URL, bad input."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import html, opened_page


def opened(**query: str) -> AppTest:
    return opened_page("targets", **query)


@pytest.mark.parametrize(("lang", "words"), [("ja", ("見本（架空）データ", "上位5校区")), ("en", ("Sample (fictional) data", "top 5"))])
def test_the_order_opens_with_the_sample_under_its_banner(lang: str, words: tuple[str, str]) -> None:
    app = opened(lang=lang)
    assert all(word in html(app) for word in words)
    assert len(app.get("plotly_chart")) == 2


def test_a_longer_list_is_kept_in_the_link_and_told() -> None:
    app = opened()
    app.selectbox(key="targets:k").select("8").run()
    assert app.query_params["k"] == "8"
    assert "上位8校区" in html(app)


def test_without_any_weight_the_page_says_what_to_do() -> None:
    weights = {str(one.key): "0" for one in opened().select_slider if str(one.key).startswith("targets:w_")}
    assert weights
    app = opened(**{key.removeprefix("targets:"): value for key, value in weights.items()})
    assert "重みがすべて0です" in html(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("value", ["0", "9999", "-1", "<script>alert(1)</script>", "x" * 10_000])
def test_bad_input_falls_back_with_a_note(value: str) -> None:
    app = opened(k=value, view=value)
    assert "指定できません" in html(app)
    assert "<script>alert" not in html(app)


DISTRICTS = ("B199210000125", "B199210000011")


def test_the_shortlist_is_empty_at_first_and_says_what_to_do() -> None:
    app = opened(view="shortlist")
    assert "まだ空です" in html(app)
    assert "上位の校区を入れる" in html(app)


def test_the_top_districts_are_put_in_and_taken_out_again() -> None:
    app = opened(view="shortlist")
    app.button(key="targets-list-fill").click().run()
    assert len(app.query_params["list"].split("_")) == 5
    assert len(app.text_input) == 5
    app.button(key="targets-list-clear").click().run()
    assert "list" not in app.query_params
    app.button(key="targets-list-undo").click().run()
    assert len(app.query_params["list"].split("_")) == 5


def test_a_note_stays_out_of_the_link_and_of_the_page_s_choices() -> None:
    app = opened(view="shortlist", list="_".join(DISTRICTS))
    app.text_input[0].set_value("自治会長と相談").run()
    assert "自治会長と相談" in html(app)
    assert "自治会長" not in str(dict(app.query_params))


def test_more_than_can_be_taken_on_is_said() -> None:
    app = opened(view="shortlist", list="_".join(DISTRICTS), capacity="1")
    assert "受け持てる1校区を1校区こえています" in html(app)


def test_an_unknown_district_in_the_link_is_said_and_left_out() -> None:
    app = opened(view="shortlist", list=f"{DISTRICTS[0]}_NOWHERE_<b>")
    assert "指定できません" in html(app)
    assert len(app.text_input) == 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", ("上位5校区をもっとも左右するのは", "推計：", "かたまり", "似た5校区")),
        ("en", ("What decides the top 5", "Modelled:", "cluster", "5 similar districts")),
    ],
)
def test_the_evidence_shows_all_it_rests_on(lang: str, words: tuple[str, ...]) -> None:
    app = opened(lang=lang, view="evidence")
    assert all(word in html(app) for word in words)
    assert len(app.get("plotly_chart")) == 5
    assert ("見本（架空）データ" if lang == "ja" else "Sample (fictional) data") in html(app)
    assert not app.query_params.get("share")


def test_what_is_chosen_in_the_evidence_is_kept_in_the_link() -> None:
    app = opened(view="evidence", spots="population_75_over_share", share="single_mother_or_father_share", measure="loneliness")
    assert "75歳以上の割合の高い校区が集まっています" in html(app)
    assert "孤独感が「しばしばある・常にある」人の割合は、校区により" in html(app)
    app.selectbox(key="targets:share").select("older_one_person_share_of_households").run()
    assert app.query_params["share"] in ("older_one_person_share_of_households", ["older_one_person_share_of_households"])
    app.selectbox(key="targets:peer_of").select("99201-B199210000011").run()
    assert app.query_params["district"] in ("99201-B199210000011", ["99201-B199210000011"])


def test_the_evidence_without_any_weight_still_tests_shares() -> None:
    weights = {str(one.key).removeprefix("targets:"): "0" for one in opened().select_slider if str(one.key).startswith("targets:w_")}
    app = opened(view="evidence", spots="population_75_over_share", **weights)
    assert "重みがすべて0です" in html(app)
    assert len(app.get("plotly_chart")) == 3


@pytest.mark.parametrize("value", ["nowhere", "<script>alert(1)</script>", "x" * 10_000])
def test_bad_input_to_the_evidence_falls_back_with_a_note(value: str) -> None:
    app = opened(view="evidence", spots=value, share=value, measure=value, district=f"99201-{value}")
    assert html(app).count("指定できません") >= 3
    assert "<script>alert" not in html(app)
