"""The old encoding TCVN3: its letters, and texts that look like it."""

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.dictionary import DATA
from antq_helpers.reading.formats import from_tcvn3, looks_like_tcvn3

# TCVN 5712:1993, set VN3: the code of each letter in hexadecimal, in the order of tones ngang,
# huyền, hỏi, ngã, sắc, nặng. Upper case has codes of its own only without a tone.
STANDARD = """
a -- B5 B6 B7 B8 B9
ă A8 BB BC BD BE C6
â A9 C7 C8 C9 CA CB
e -- CC CE CF D0 D1
ê AA D2 D3 D4 D5 D6
i -- D7 D8 DC DD DE
o -- DF E1 E2 E3 E4
ô AB E5 E6 E7 E8 E9
ơ AC EA EB EC ED EE
u -- EF F1 F2 F3 F4
ư AD F5 F6 F7 F8 F9
y -- FA FB FC FD FE
đ AE
Ă A1
Â A2
Ê A3
Ô A4
Ơ A5
Ư A6
Đ A7
"""
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def read_standard():
    """Give the sign by which Latin-1 shows each letter."""
    signs = {}
    for row in STANDARD.split("\n")[1:-1]:
        base, *codes = row.split()
        for tone, code in zip(TONES, codes, strict=False):
            if code != "--":
                signs[unicodedata.normalize("NFC", base + tone)] = chr(int(code, 16))
    return signs


SIGNS = read_standard()
LETTERS = sorted({*SIGNS, *(letter.upper() for letter in SIGNS)})


def to_tcvn3(text):
    """Write text in TCVN3; capitals with tones by the codes of the lower case."""
    return "".join(
        SIGNS.get(c, SIGNS.get(c.lower(), c)) for c in unicodedata.normalize("NFC", text)
    )


def strings_of(table, *columns):
    """The Vietnamese strings of one of our tables."""
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return sorted({row[name] for row in csv.DictReader(file) for name in columns})


NAMES = strings_of("communes.csv", "name")
OURS = [
    *NAMES,
    *strings_of("words.csv", "vi"),
    *strings_of("measures.csv", "label_vi", "short_vi", "unit_vi", "definition_vi"),
]


def test_the_standard_has_all_letters():
    """67 lower-case letters beyond ASCII and as many capitals; 74 codes, none of them twice."""
    assert len(LETTERS) == 134
    assert len(SIGNS) == len(set(SIGNS.values())) == 74


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_comes_back(letter):
    """Capitals with tones in lower case: only the font told them apart."""
    back = from_tcvn3(to_tcvn3(letter))
    assert back.lower() == letter.lower()
    assert back == (letter if letter in SIGNS else letter.lower())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Yªn B¸i", "Yên Bái"),
        ("H\u00adng Yªn", "Hưng Yên"),
        ("§ång T©m", "Đồng Tâm"),
        ("¢u L©u", "Âu Lâu"),
        ("Ph\u00adêng Yªn ThÞnh", "Phường Yên Thịnh"),
        ("x· Tuy Léc", "xã Tuy Lộc"),
        ("NguyÔn Th¸i Häc", "Nguyễn Thái Học"),
        ("2022, STT (1)", "2022, STT (1)"),
    ],
)
def test_words_of_old_files_are_read(old, new):
    """Signs that stand for letters change, all others stay."""
    assert from_tcvn3(old) == new


NO_LETTERS = {sign for sign in SIGNS.values() if sign not in LETTERS}


@pytest.mark.parametrize("text", [t for t in dict.fromkeys(OURS) if not NO_LETTERS & set(t)])
def test_our_own_strings_come_back_letter_by_letter(text):
    """Through the standard and back; signs such as × have no code there."""
    assert from_tcvn3(to_tcvn3(text)).lower() == unicodedata.normalize("NFC", text).lower()


# The guess


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_correct_text_is_never_taken_for_it(form):
    """Neither each of our own strings, nor its words, nor all together."""
    texts = [unicodedata.normalize(form, text) for text in OURS]
    words = {word for text in texts for word in text.split()}
    for text in (*texts, *words):
        assert not looks_like_tcvn3([text]), text
    assert not looks_like_tcvn3([*texts, *words])
    assert not looks_like_tcvn3([*map(str.upper, texts)])


@pytest.mark.parametrize(
    "text",
    [
        *("Xã Phúc Hòa", "Hòa, là, bé, hè, có, tôi, cô, câu", "XÃ PHÚC HÒA", "Toàn\u00addân"),
        *("", "Yen Bai", "2022", "36,2 %", "«Toàn dân»", "© Công an", "Windows® 10", "50 µm"),
        *("Müller, Zürich, Ñandú, Ångström, façade, naïve, Köln", "x¹ y²", "Điều 5 §3", "12·5"),
        *("1½ m²", "A×B", "a÷b", "£5", "15°C", "Cảm ơn®", "¡Hola!", "No. 1ª", "l·l"),
    ],
)
def test_signs_and_letters_of_other_languages_are_not_taken_for_it(text):
    """Marks, units, footnotes, foreign names."""
    assert not looks_like_tcvn3([text])


@pytest.mark.parametrize(
    "text", ["Yªn B¸i", "H\u00adng Yªn", "Minh T©n", "Phßng, chèng téi ph¹m", "YªN B¸I"]
)
def test_old_text_is_known_among_other_cells(text):
    """One cell is enough where the rest is in ASCII or right."""
    assert looks_like_tcvn3([text])
    assert looks_like_tcvn3(iter(["STT", "12", text, "Tổng cộng", "Phường Yên Thịnh"]))


def test_our_own_strings_in_the_old_encoding_are_known():
    """All names of communes together, and each longer string of ours."""
    assert looks_like_tcvn3(map(to_tcvn3, NAMES))
    long = [text for text in map(to_tcvn3, OURS) if len(text.split()) > 9]
    assert len(long) > 50
    assert all(looks_like_tcvn3([text]) for text in long)


@given(st.text())
def test_no_text_raises_and_none_changes_its_length(text):
    """Each sign is one letter."""
    assert len(from_tcvn3(text)) == len(text)
    assert looks_like_tcvn3([text]) in (True, False)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_never_changes(text):
    """Neither in letters nor in the guess."""
    assert from_tcvn3(text) == text
    assert not looks_like_tcvn3([text])
