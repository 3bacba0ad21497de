"""The words, labels, numbers and the order of both languages."""

import csv
import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.dictionary import (
    DATA,
    LANGUAGES,
    core_counts,
    find_measure,
    measures,
    number,
    split_syllables,
    table_fields,
    vietnamese_order,
    word,
)

COUNTS = {"tips", "valuable_tips", "resolved_cases", "sessions", "attendances"}
# Dictionaries go by letters (a ă â … d đ e ê … o ô ơ), then by tone: Hồng before Hợp, since ô
# stands before ơ; Âu after An but before B.
IN_ORDER = [
    "An Bình",
    "Âu Lâu",
    "Bảo Ái",
    "Dân Chủ",
    "Đồng Tâm",
    "Giới Phiên",
    "Hồng Hà",
    "Hợp Minh",
    "Minh Bảo",
    "Minh Tân",
    "Nam Cường",
    "Nguyễn Phúc",
    "Nguyễn Thái Học",
    "Phúc Lộc",
    "Tân Thịnh",
    "Tuy Lộc",
    "Văn Phú",
    "Văn Tiến",
    "Yên Ninh",
    "Yên Thịnh",
]


def words():
    """The rows of words.csv."""
    with (DATA / "words.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def blanks(text):
    """The names of the blanks in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_each_word_has_the_same_blanks_in_both_languages():
    """A blank that one language lacks would drop a figure there or fail."""
    differ = [row["key"] for row in words() if blanks(row["vi"]) != blanks(row["en"])]
    assert differ == []


def test_each_word_stands_once_and_is_written_in_both_languages():
    """No key twice, no text blank."""
    keys = [row["key"] for row in words()]
    assert len(keys) == len(set(keys))
    assert [row["key"] for row in words() if not (row["vi"].strip() and row["en"].strip())] == []


@pytest.mark.parametrize("phrase", ["không đủ bằng chứng", "số liệu minh họa"])
def test_phrases_that_mislead_staff_are_never_used(phrase):
    """The one means too little evidence for a charge, the other may be read as real figures."""
    texts = [row["vi"] for row in words()]
    texts += [measure.text(part, "vi") for measure in measures().values() for part in
              ("label", "short", "unit", "definition")]  # fmt: skip
    assert [text for text in texts if phrase in text.casefold()] == []


def test_word_fills_its_blanks_in_the_language_asked_for():
    """The same values go into either language."""
    assert word("problem_more", "vi", count=5) == "… và 5 lỗi khác."
    assert word("problem_more", "en", count=5) == "… and 5 more, all in .problems."


def test_english_is_spoken_unless_told_otherwise():
    """Functions speak English by default."""
    assert word("city") == "Whole city"


def test_an_unknown_language_is_refused_with_the_known_ones():
    """The message names the parameter, the value and what is legal."""
    with pytest.raises(ValueError, match=r"^language='fr' is not known\. Use one of: en, vi\.$"):
        word("city", "fr")


@pytest.mark.parametrize("name", ["tip", "", None, ["tips"]])
def test_an_unknown_measure_is_refused_with_the_known_ones(name):
    """Whatever is asked for, the message lists every measure of the dictionary."""
    listed = r"Use one of: tips, valuable_tips, resolved_cases, .*, cases_per_100_tips, .*\.$"
    with pytest.raises(ValueError, match=listed):
        find_measure(name)


def test_each_measure_rests_on_counts_of_the_records():
    """Numerators and denominators are columns of records; a count alone has no denominator."""
    columns = {field["name"] for field in table_fields("records")}
    assert columns > COUNTS == set(core_counts())
    for measure in measures().values():
        assert measure.numerator in (columns if measure.further else COUNTS)
        if measure.kind == "count":
            assert (measure.measure, measure.denominator, measure.per) == (measure.numerator, "", 1)
        else:
            assert measure.denominator in (columns if measure.further else COUNTS)
            assert measure.per == 100


def test_labels_come_in_both_languages():
    """Label, short label, unit and definition are looked up by part and language."""
    share = find_measure("valuable_share")
    assert share.text("label", "en") == "Valuable share of tips"
    assert share.text("label", "vi") == "Tỷ lệ nguồn tin có giá trị"
    for part in ("label", "short", "unit", "definition"):
        for language in LANGUAGES:
            assert all(measure.text(part, language) for measure in measures().values())


@pytest.mark.parametrize(
    ("value", "decimals", "english", "vietnamese"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (2368, 0, "2,368", "2.368"),
        (1200000, 0, "1,200,000", "1.200.000"),
        (36.24, 1, "36.2", "36,2"),
        (-1234.5, 1, "-1,234.5", "-1.234,5"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, decimals, english, vietnamese):
    """Comma and point trade places between the two."""
    assert number(value, decimals=decimals) == english
    assert number(value, "vi", decimals) == vietnamese


def test_names_are_sorted_as_in_a_vietnamese_dictionary():
    """Â stands after A and Đ after D, where plain sorting puts both last."""
    shuffled = IN_ORDER.copy()
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=vietnamese_order) == IN_ORDER
    assert sorted(shuffled) != IN_ORDER


def test_numbers_stand_before_letters_and_foreign_letters_last():
    """Wards may be numbered: Phường 1, then names; Øster comes after Xuân."""
    names = ["Phường 1", "Phường 2", "Phường An", "Phường Xuân", "Phường Øster"]
    assert sorted(reversed(names), key=vietnamese_order) == names


def test_counts_are_written_without_decimals():
    """Whole numbers by default."""
    assert number(2368.0) == "2,368"


def test_tones_are_sorted_after_letters():
    """The order of tones is ngang, huyền, hỏi, ngã, sắc, nặng; a longer word comes later."""
    tones = ["ma", "mà", "mả", "mã", "má", "mạ", "mai"]
    assert sorted(reversed(tones), key=vietnamese_order) == tones


@given(st.sampled_from(IN_ORDER))
def test_order_does_not_depend_on_how_letters_are_composed(name):
    """Composed and decomposed letters have one place."""
    decomposed = unicodedata.normalize("NFD", name)
    assert decomposed == name or len(decomposed) > len(name)
    assert vietnamese_order(decomposed) == vietnamese_order(name)


@pytest.mark.parametrize(
    ("new", "old"), [("Hoà", "Hòa"), ("Thuý", "Thúy"), ("Khoẻ", "Khỏe"), ("Uỷ", "Ủy")]
)
def test_old_and_new_places_of_the_tone_are_one_syllable(new, old):
    """The tone belongs to the syllable, wherever it is written."""
    assert new != old
    assert split_syllables(new) == split_syllables(old)


def test_another_tone_or_letter_is_another_syllable():
    """Hà, Hạ, Ha, Hả and Hâ differ."""
    assert len({tuple(split_syllables(name)) for name in ("Hà", "Hạ", "Ha", "Hả", "Hâ")}) == 5
