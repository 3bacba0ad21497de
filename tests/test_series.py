"""The words of a picture: titles, units, and what it rests on, in both languages."""

import pytest

from antq_helpers import total_by
from antq_helpers.drawing.figure import tabulate
from antq_helpers.drawing.series import axis_label, notes, title
from antq_helpers.drawing.text import period_label
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import estimate_dispersion, estimate_together
from tests.quick import SAMPLE


def noted(view, records=SAMPLE):
    """Give the lines below a picture."""
    return notes(tabulate(records, view), view)


@pytest.mark.parametrize(
    ("measure", "per", "english", "vietnamese"),
    [
        ("tips", None, "Tips received", "Nguồn tin tiếp nhận"),
        (
            "tips",
            1000,
            "Tips received per 1,000 residents",
            "Nguồn tin tiếp nhận trên 1.000 dân",
        ),
        ("valuable_share", 1000, "Valuable share of tips", "Tỷ lệ nguồn tin có giá trị"),
        ("cases_per_100_tips", None, "Cases per 100 tips", "Số vụ trên 100 nguồn tin"),
    ],
)
def test_titles_say_what_is_counted(measure, per, english, vietnamese):
    """Shares and ratios have their own denominator, so residents are not named."""
    assert title(measure, View(per=per)) == english
    assert title(measure, View(per=per, language="vi")) == vietnamese


@pytest.mark.parametrize(
    ("measure", "by", "per", "english", "vietnamese"),
    [
        ("tips", "year", None, "tips a year", "tin/năm"),
        ("resolved_cases", "half", None, "cases a half-year", "vụ/6 tháng"),
        ("sessions", "quarter", None, "sessions a quarter", "buổi/quý"),
        ("attendances", "month", None, "attendances a month", "lượt/tháng"),
        (
            "tips",
            "year",
            1000,
            "tips per 1,000 residents a year",
            "tin trên 1.000 dân/năm",
        ),
        (
            "tips",
            "month",
            10000,
            "tips per 10,000 residents, annualised",
            "tin trên 10.000 dân, quy đổi theo năm",
        ),
        ("valuable_share", "month", 1000, "%", "%"),
        ("cases_per_100_tips", "year", None, "cases per 100 tips", "vụ/100 tin"),
    ],
)
def test_axes_name_unit_and_denominator(measure, by, per, english, vietnamese):
    """The period belongs to a count's unit; a rate below a year is annualised, and says so."""
    assert axis_label(measure, View(by=by, per=per)) == english
    assert axis_label(measure, View(by=by, per=per, language="vi")) == vietnamese


@pytest.mark.parametrize(
    ("period", "english", "vietnamese"),
    [
        ("2022", "2022", "2022"),
        ("2022-H1", "2022 H1", "6 tháng đầu năm 2022"),
        ("2022-H2", "2022 H2", "6 tháng cuối năm 2022"),
        ("2022-Q3", "2022 Q3", "Quý III/2022"),
        ("2022-Q4", "2022 Q4", "Quý IV/2022"),
        ("2022-03", "2022-03", "3/2022"),
        ("2022-12", "2022-12", "12/2022"),
        ("2013-to-2022", "2013–2022", "2013–2022"),
    ],
)
def test_periods_are_written_as_the_language_does(period, english, vietnamese):
    """Vietnamese offices count quarters in Roman numbers; halves are the first and the last."""
    assert period_label(period, "en") == english
    assert period_label(period, "vi") == vietnamese


def test_the_notes_tell_how_to_read_the_picture_and_what_it_rests_on():
    """The sample lacks about 2 % of the months; no year is partial, none is missing."""
    own = estimate_dispersion(total_by(SAMPLE, "commune"), measure="tips")
    whole = total_by(SAMPLE, measure="tips")
    together = estimate_together(whole, measure="tips", dispersion=own)
    low, high = (f"{own + together * size:.2f}" for size in (381, 600))
    lines = noted(View(["tips"])).splitlines()
    assert lines == [
        "Bands: 95% confidence interval. "
        f"Widened by the dispersion of these reports, {low}–{high}.",
        "Boundaries as of 2020. Reports cover 97.9% of the whole city.",
    ]
    low, high = (text.replace(".", ",") for text in (low, high))
    assert noted(View(["tips"], language="vi")).splitlines() == [
        f"Dải màu: khoảng tin cậy 95%. Đã nới theo độ phân tán {low}–{high}.",
        "Địa giới hành chính năm 2020. Số liệu bao quát 97,9% toàn thành phố.",
    ]


def test_what_is_not_in_the_picture_is_not_explained():
    """No interval for attendances, no census without rates, no mean without communes."""
    told = noted(View(["attendances"]))
    for absent in ("interval", "Hollow", "×", "mean", "census", "Gaps", "Internal"):
        assert absent not in told


@pytest.mark.parametrize(
    ("view", "named"),
    [
        (View(["tips"]), "Bands"),
        (View(["tips"], ["Tuy Lộc"]), "Bars"),
        (View(["tips"], years=(2022, 2022)), "Bars"),
        (View(["tips"], ["Tuy Lộc"], by="quarter"), "Bands"),
        (View(["valuable_share"], ["Nam Cường"], by="month"), "Bars and bands"),
    ],
)
def test_intervals_are_called_as_they_are_drawn(view, named):
    """A lone point has a bar among bands: Nam Cường's months without a tip leave some alone."""
    assert noted(view).startswith(f"{named}: 95% confidence interval.")


def test_what_is_grey_is_explained():
    """All fifteen are named; of more, those at the ends alone."""
    units = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique().tolist()
    told = " ".join(noted(View(["tips"], units)).split())
    assert "Grey: the 15 units chosen, each named at its end." in told
    before = SAMPLE.loc[SAMPLE["year"] == 2013, "commune"].unique().tolist()
    view = View(["tips"], before, years=(2013, 2019), boundaries=2013)
    told = " ".join(noted(view).split())
    assert "Grey: the 17 units chosen; only those highest and lowest" in told
    assert "Grey" not in noted(View(["tips"], units[:6]))


def test_the_communes_chosen_and_the_whole_are_told_apart_only_where_they_differ():
    """All fifteen are the city: it has one share, not two that differ by a tenth."""
    units = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique().tolist()
    for measures in (["tips"], ["tips", "valuable_share"]):
        told = " ".join(noted(View(measures, communes=units)).split())
        assert "those chosen" not in told
        assert "Reports cover 97.9% of the whole city." in told
        assert "of those chosen, 97.9%" in " ".join(noted(View(measures, units[1:])).split())
    of_one_year = " ".join(noted(View(["tips"], units, period="2022")).split())
    assert "this commune" not in of_one_year


@pytest.mark.parametrize(
    ("view", "english", "vietnamese"),
    [
        ({"per": 1000}, "Residents: census of 1 April 2019.", "Dân số Tổng điều tra 01/4/2019."),
        (
            {"communes": ["Tuy Lộc"]},
            "City mean: the count of all, divided by the number of units that reported.",
            "Bình quân thành phố: chia cho số xã, phường có báo cáo.",
        ),
        (
            {"communes": ["Tuy Lộc"], "boundaries": 2013, "years": (2013, 2019)},
            "Reports cover 98.8% of those chosen, 97.9% of the whole city.",
            "Số liệu bao quát 98,8% các đơn vị đã chọn, 97,9% toàn thành phố.",
        ),
        (
            {"audience": "internal"},
            "Source: synthetic rows, not the real figures of any commune or ward.",
            "Nguồn: dữ liệu giả lập, không phải số thật của xã, phường.",
        ),
        (
            {"period": "2022-03"},
            "Hollow: reports cover under 90%, or some units did not report.",
            "Điểm rỗng: báo cáo dưới 90%, hoặc có đơn vị chưa báo cáo.",
        ),
        (
            {"by": "month", "communes": ["Tuy Lộc"]},
            "×: not reported.",
            "×: chưa báo cáo.",
        ),
    ],
)
def test_what_is_in_the_picture_is_explained(view, english, vietnamese):
    """A sentence each, where it applies."""
    assert english in " ".join(noted(View(["tips"], **view)).split())
    assert vietnamese in " ".join(noted(View(["tips"], language="vi", **view)).split())


def test_a_mean_of_nothing_is_explained_too(load):
    """With no case anywhere the mean is zero, and nothing fails."""
    year = ("2022-01-01", "2022-12-31", None, None, 3, 1, 0)
    records = load(("Tuy Lộc", *year), ("Âu Lâu", *year))
    view = View(["resolved_cases", "sessions"], communes=["Tuy Lộc"])
    assert "City mean: " in " ".join(noted(view, records).split())


def test_one_commune_alone_is_told_by_its_own_time(load):
    """Half of 2022, 181 of 365 days: 49.6 %; nothing is said of the city."""
    records = load(("Tuy Lộc", "2022-07-04", "2022-12-31", None, None, 3, 1, 0))
    told = " ".join(noted(View(["tips"], communes=["Tuy Lộc"]), records).split())
    assert "Reports cover 49.6% of this unit's time." in told
    assert "city" not in told.casefold()


def test_nothing_drawn_needs_no_note():
    """An empty choice explains itself."""
    assert noted(View(communes=())) == ""


def test_no_line_is_longer_than_the_picture():
    """The longest notes there are, in Vietnamese."""
    view = View(
        communes=["Tuy Lộc"], by="month", per=None, language="vi", audience="internal",
        measures=["tips", "valuable_share"],
    )  # fmt: skip
    lines = noted(view).splitlines()
    assert 3 <= len(lines) <= 5
    assert max(map(len, lines)) <= 112


def test_the_city_is_covered_alike_beside_wards_and_communes():
    """The city's share is its own, not the mean of its kinds'."""
    assert "Reports cover 97.9% of the whole city." in noted(View(["tips"], split="kind"))
