"""Headlines: each situation in its own words, in both languages, and never more than is known."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from test_change_from import LAST_YEAR, SAMPLE, unit_of, window_of

from antq_helpers import headline
from antq_helpers.briefing.sentences import change_shown, find_places, say
from antq_helpers.measuring.changes import change_from
from antq_helpers.measuring.lookback import look_back
from tests.directions import contradictions, directions
from tests.quick import quick_of, window_at

MARK = {"vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA. ", "en": "SYNTHETIC FIGURES, FOR ILLUSTRATION. "}


def said(counts, language, commune="Tuy Lộc", period="2022", against=LAST_YEAR, dispersion=1.0):
    """Say a commune's tips, set by hand."""
    window = window_of(counts, commune=commune, period=period)
    window = replace(window, dispersion={**window.dispersion, "tips": dispersion})
    change = change_from(window, "tips", against, find_places(window, [commune]))
    return say(change, window, language)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("before", "after"),
    [(24, 48), (48, 24), (4, 30), (60, 9), (0, 40), (40, 0), (150, 420), (31, 27)],
)
def test_a_rise_is_a_rise_and_a_fall_a_fall(before, after, language):
    """The word has the sign of the two counts, and of the percentage beside it."""
    sentence = said({"2021": before, "2022": after}, language)
    assert contradictions(sentence) == []
    wanted = {1 if after > before else -1}
    assert directions(sentence) == wanted, sentence


@pytest.mark.parametrize(
    ("measure", "count", "vietnamese", "english"),
    [
        ("valuable_tips", 12, "Trong đó có 12 tin có giá trị, bằng", "Of these, valuable: 12, as"),
        ("valuable_tips", 0, "Không có nguồn tin nào có giá trị", "It had no valuable tips"),
        ("sessions", 0, "Không tổ chức buổi tuyên truyền, phổ biến", "It held no outreach"),
        ("resolved_cases", np.nan, "Chưa báo cáo vụ việc được", "No report of this: cases that"),
    ],
)
def test_what_goes_on_names_place_and_time_no_more(measure, count, vietnamese, english):
    """The sentence before did."""
    window = window_of({"2021": 12, "2022": count}, measure=measure)
    ids = find_places(window, ["Tuy Lộc"])
    change, before = (change_from(window, name, LAST_YEAR, ids) for name in (measure, "tips"))
    assert say(change, window, "vi", after=before).startswith(vietnamese)
    assert say(change, window, "en", after=before).startswith(english)


def test_a_sentence_on_some_communes_goes_on_from_none_on_all():
    """All reported tips, fourteen of fifteen valuable ones: each says of whom it speaks."""
    silent = (SAMPLE["commune"] == "Âu Lâu") & (SAMPLE["year"] == 2022)
    records = SAMPLE.assign(valuable_tips=SAMPLE["valuable_tips"].mask(silent))
    window = look_back(records, "2022")
    told = [change_from(window, m, LAST_YEAR) for m in ("tips", "valuable_tips", "sessions")]
    texts = [say(this, window, "vi", after=last) for last, this in pairwise([None, *told])]
    assert texts[1] == (
        "Năm 2022, 14/15 xã, phường báo cáo 179 nguồn tin có giá trị, chưa phải số toàn thành phố."
    )
    assert texts[2].startswith("Năm 2022, toàn thành phố tổ chức 213 buổi")


def test_one_is_said_in_the_singular():
    """1 tip; 1 of 15 communes reported 1 case."""
    assert said({"2021": 0, "2022": 1}, "en").startswith(
        "In 2022, Tuy Lộc commune received 1 tip, 1 tip more than in 2021 (0 tips);"
    )
    one = SAMPLE[(SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["year"] == 2022)].head(1)
    one = one.assign(resolved_cases=1)
    text = headline(one, measure="resolved_cases", period="2022-01", language="en")
    assert "1 of 15 communes and wards reported 1 case that tips helped resolve, " in text


def test_the_year_to_date_begins_with_from():
    """Not: in January to May."""
    text = headline(SAMPLE, period="2022-to-05", language="en")
    assert ". From January to May 2022, the whole city received 203 tips, 72 tips " in text


def test_a_difference_of_shares_is_that_of_the_numbers_beside_it():
    """33.3 % and 33.2 %: +0.1 stands beside them, though it is 0.02."""
    change = change_from(window_at("2022"), "valuable_share", LAST_YEAR)
    change = replace(change, value=33.26, before=33.24, difference=0.02)
    assert change_shown(change) == 0.1


def test_a_change_within_chance_is_not_called_one():
    """The same counts, with the dispersion of a field that varies more."""
    assert "tăng 24 tin" in said({"2021": 24, "2022": 48}, "vi", dispersion=1.5)
    assert "tăng 24" not in said({"2021": 24, "2022": 48}, "vi", dispersion=4)


def test_the_city_of_some_communes_is_not_the_city():
    """Thirteen of fifteen reported."""
    gone = SAMPLE["commune"].isin(["Tuy Lộc", "Yên Ninh"])
    gone &= SAMPLE["period_end"].between("2022-04-01", "2022-06-30")
    some = SAMPLE[~gone]
    tips = some.loc[some["period_end"].between("2022-04-01", "2022-06-30"), "tips"].sum()
    assert headline(some, period="2022-Q2") == (
        f"{MARK['vi']}Quý II/2022, 13/15 xã, phường báo cáo {tips} nguồn tin, chưa phải số toàn "
        "thành phố."
    )
    assert headline(some, period="2022-Q2", language="en") == (
        f"{MARK['en']}In the second quarter of 2022, 13 of 15 communes and wards reported {tips} "
        "tips, which is not the number of the whole city."
    )


def test_an_unfinished_period_is_compared_with_nothing():
    """Nine months of twelve: said, with the share that is covered."""
    late = (SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["period_end"] > "2022-09-30")
    text = headline(SAMPLE[~late], communes=["Tuy Lộc"], period="2022")
    assert text.endswith("; mới nhận 75% số báo cáo phải gửi, chưa phải số cả kỳ.")
    assert "2021" not in text
    before = headline(SAMPLE[~late], communes=["Tuy Lộc"], period="2022-Q3")
    assert "chưa phải" not in before


def test_what_is_hidden_is_not_told():
    """Of two cases the public hears that they are protected; an officer hears two."""
    ask = {"measure": "resolved_cases", "communes": ["Tuy Lộc"], "period": "2022"}
    assert " có 2 vụ việc " in headline(SAMPLE, **ask)
    public = headline(SAMPLE, audience="public", **ask)
    assert (
        public
        == f"{MARK['vi']}Năm 2022, xã Tuy Lộc: vụ việc được giúp giải quyết không công bố (số nhỏ)."
    )


def test_a_share_of_few_is_told_in_its_two_numbers():
    """No per cent of two tips."""
    text = headline(SAMPLE, measure="valuable_share", communes=["Minh Bảo"], period="2022-03")
    assert "có 0/2 nguồn tin có giá trị (cùng kỳ năm 2021: 1/3)." in text


def test_attendances_are_set_beside_and_not_judged():
    """More or fewer is arithmetic, and there is no word of chance."""
    text = headline(SAMPLE, measure="attendances", period="2022")
    assert text == (
        f"{MARK['vi']}Năm 2022, toàn thành phố có 18.537 lượt người tham dự tuyên truyền, phổ "
        "biến, giáo dục pháp luật, ít hơn 5.645 lượt so với năm 2021 (24.182 lượt, đã nhận 98% "
        "số báo cáo phải gửi)."
    )


@pytest.mark.parametrize("language", quick_of(["vi", "en"], 1))
@pytest.mark.parametrize(
    "period", quick_of(["2022-Q3", "2022", "2022-H1", "2022-03", "2022-to-09"], 1)
)
def test_no_headline_holds_a_p_value_or_an_open_blank(language, period):
    """In any period, of any measure, of one or more places."""
    for measure in ("tips", "resolved_cases", "valuable_share", "cases_per_100_tips"):
        for communes in (None, ["Tuy Lộc"], ["Tuy Lộc", "Minh Bảo", "Yên Ninh", "Âu Lâu"]):
            text = headline(
                SAMPLE, measure=measure, communes=communes, period=period, language=language
            )
            assert text.startswith(MARK[language])
            assert text.endswith(".")
            assert not any(sign in text for sign in ("{", "}", "nan", "p =", "  "))


def test_a_users_own_records_bear_no_mark():
    """The mark is that of illustrative records alone."""
    own = SAMPLE.assign(source="reported")
    assert headline(own, period="2022").startswith("Năm 2022, toàn thành phố")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"measure": "tip"}, "measure='tip' is not known"),
        ({"communes": "Tuy Lộc"}, "is one text. Write communes="),
        ({"communes": ["Nowhere"]}, "no such commune in these records"),
        ({"communes": []}, "names no commune"),
        ({"against": "yesterday"}, "against='yesterday' is not known"),
        ({"audience": "all"}, "audience='all' is not known"),
        ({"period": "2031"}, "no report of these records ends in it"),
    ],
)
def test_what_is_not_known_is_named(told, message):
    """With what would do."""
    with pytest.raises(ValueError, match=message):
        headline(SAMPLE, **{"period": "2022", **told})


def test_one_commune_alone_has_no_verdict_where_the_field_is_unknown():
    """One commune's file tells nothing of how much more than chance its counts vary.

    To say that there is not enough evidence of a change would be to say that it was looked for.
    """
    alone = SAMPLE[SAMPLE["commune"] == "Tuy Lộc"]
    window = look_back(alone, "2022")
    assert window.dispersion["tips"] is None
    change = change_from(window, "tips", LAST_YEAR, (unit_of(window),))
    assert say(change, window, "vi").endswith(
        ", ít hơn 10 tin so với năm 2021 (33 tin); quá ít số liệu để xét mức chênh lệch này."
    )


def test_one_of_several_communes_that_is_silent_silences_no_other():
    """Nam Cường did not report December 2021; Tuy Lộc had 2 tips."""
    ask = {"period": "2021-12", "communes": ["Nam Cường", "Tuy Lộc"]}
    assert headline(SAMPLE, **ask) == (
        f"{MARK['vi']}Tháng 12/2021, 1/2 xã, phường được chọn (phường Nam Cường, xã Tuy Lộc) báo "
        "cáo 2 nguồn tin, chưa phải số của tất cả."
    )
    assert "1 of 2 communes and wards chosen (" in headline(SAMPLE, language="en", **ask)
    ask = {"period": "2022-01", "communes": ["Minh Bảo", "Yên Ninh"], "measure": "valuable_share"}
    assert "không phát sinh" not in headline(SAMPLE, **ask)


def test_a_share_of_some_communes_is_a_sentence():
    """Fourteen of fifteen, together."""
    text = headline(SAMPLE, period="2021-12", measure="valuable_share")
    assert (
        ". Tháng 12/2021, 14/15 xã, phường tính chung có tỷ lệ nguồn tin có giá trị 32,1%" in text
    )


def test_one_month_of_a_year_is_said_to_be_no_more():
    """Thirteen of fifteen reported, and one month of twelve."""
    may = SAMPLE[(SAMPLE["period_end"] == "2022-05-31")]
    may = may[~may["commune"].isin(["Tuy Lộc", "Yên Ninh"])]
    text = headline(may, period="2022")
    assert "13/15 xã, phường báo cáo" in text
    assert ", mới nhận 7% số báo cáo phải gửi, chưa phải số toàn thành phố." in text


def test_a_commune_is_judged_with_all_others_as_in_the_pack():
    """Fourteen against three stands out by itself, and not among fifteen communes."""
    ask = {"measure": "valuable_tips", "period": "2022"}
    window = window_at("2022")
    ids = find_places(window, ["Giới Phiên"])
    alone = change_from(window, "valuable_tips", LAST_YEAR, ids)
    assert alone.sure
    together = headline(SAMPLE, communes=["Giới Phiên"], **ask)
    assert together.endswith("mức chênh lệch này nằm trong dao động thường thấy.")
