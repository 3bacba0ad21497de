"""Detect headers and cells that identify persons.

Names of persons are looked for in the officers' own words alone, and there after a form of address:
communes are called after persons (Nguyễn Thái Học). Nothing that was looked at is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from numbers import Real
from operator import itemgetter

from openpyxl.utils import get_column_letter

from antq_helpers.reading.counts import fold, folded, read_count
from antq_helpers.reading.headers import header_key
from antq_helpers.reading.sheets import Sheet, Table


def _padded(phrases: str) -> tuple[str, ...]:
    return tuple(f" {words} " for words in folded(phrases))


# Names and numbers of a person, even in a header that begins like a count: "Số CCCD".
_WHO = _padded(
    "họ tên, họ và tên, h tên, h và tên, hvt, tên đối tượng, tên bị hại, tên nghi phạm, "
    "tên nạn nhân, tên bị can, tên bị cáo, tên cá nhân, tên công dân, họ đệm, tên đệm, bí danh, "
    "tên gọi khác, tên thường gọi, tên khai sinh, tên người, sđt, số điện thoại, số di động, "
    "số cccd, số cmnd, số căn cước, số chứng minh, số định danh, số hộ chiếu, full name, fullname, "
    "first name, last name, surname, phone number, id number, identity number"
)
# Contacts, papers, plates and addresses; in headers of counts also a channel or a task.
_WHAT = _padded(
    "người báo tin, người cung cấp, người tố giác, điện thoại, đtdđ, đt liên hệ, di động, zalo, "
    "email, e mail, cccd, cmnd, căn cước, chứng minh nhân dân, định danh cá nhân, hộ chiếu, "
    "biển số, biển kiểm soát, bks, địa chỉ, nơi ở, nơi cư trú, chỗ ở, hộ khẩu thường trú, hktt, "
    "ngày sinh, năm sinh, ngày tháng năm sinh, informant, informants, phone, telephone, mobile, "
    "facebook, fb, tiktok, viber, telegram, messenger, số tài khoản, stk, quê quán, nguyên quán, "
    "tạm trú tại, nơi sinh, nơi làm việc, identity card, passport, plate, address, date of birth"
)
# In longer headers "đt" is also đối tượng, suspects, and heads of households are counted.
_ALONE = [
    f" {fold(words)} "
    for words in [
        "đt",
        "chủ hộ",
        "tên chủ hộ",
        "số nhà",
        "số nhà đường",
        "số nhà đường phố",
        "số nhà tổ",
    ]
]
# Parties to a case; over figures such a header counts them.
_PARTIES = _padded(
    "nghi phạm, bị hại, người bị hại, nạn nhân, bị can, bị cáo, đối tượng, đối tượng vi phạm, "
    "nghi can, nghi vấn, người vi phạm, người làm chứng, nhân chứng, người tố cáo, "
    "người bị tố giác, người trình báo, công dân, suspect, victim, offender, witness"
)
_HOTLINE = _padded("đường dây nóng, hotline")
_COUNTED = _padded(
    "số tin, số nguồn tin, nguồn tin, tin báo, tin tố giác, số lượt, lượt, số vụ, số người, "
    "số buổi, số cuộc, số cá nhân, số hồ sơ, số thẻ, số địa chỉ, cấp, số mô hình, mô hình, "
    "số nhóm, nhóm, tổng số, number of, count of, tips, valuable tips, cases"
)
_CHANNELS = folded(
    "điện thoại, số điện thoại, zalo, email, địa chỉ email, facebook, fb, viber, telegram, "
    "messenger, tiktok, fanpage, phone, telephone, mobile"
)
# "Số tin qua điện thoại", "tips by phone": how tips came.
_THROUGH = re.compile(
    rf"(?<= )(?:{'|'.join(folded('qua, bằng, by, via'))}) (?:{'|'.join(_CHANNELS)}) "
)


def _words_of(header: str) -> str:
    """Return the words of a header, folded, with a space before and after each."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", header))
    return f" {fold(' '.join(words))} "


def names_persons(header: str) -> bool:
    """Check whether a header is for personal data: names, telephones, papers, plates, addresses.

    Headers that count, such as "Số tin qua điện thoại", do not.

    >>> names_persons("Họ tên người báo tin"), names_persons("SĐT liên hệ")
    (True, True)
    >>> names_persons("Tên xã, phường"), names_persons("Số tin qua điện thoại")
    (False, False)
    """
    words = _THROUGH.sub("", _words_of(header))
    if any(phrase in words for phrase in _WHO):
        return True
    if words.startswith(_COUNTED):
        return False
    return words in (*_ALONE, *_PARTIES) or any(phrase in words for phrase in _WHAT)


def may_count(header: str) -> bool:
    """Check whether a header that names persons can be that of counts: victims, hotlines.

    >>> may_count("Bị hại"), may_count("Số điện thoại đường dây nóng"), may_count("Họ tên")
    (True, True, False)
    """
    words = _words_of(header)
    return words in _PARTIES or any(phrase in words for phrase in _HOTLINE)


# "ông Nguyễn Văn A": a form of address, a surname, and another name. "Phường Nguyễn Thái Học" is a
# ward.
_ADDRESSES = "ông, bà, anh, chị, cháu, em, cụ, đồng chí, đ/c, đc, chủ hộ"
_SURNAMES = (
    "Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đinh, "
    "Đào, Lương, Hà, Trịnh, Tô, Lò, Giàng, Vàng, Sùng, Mùa, Thào, Hảng, Triệu, Bàn, Đoàn, Mai, "
    "Cao, Tạ, Phùng, Vi, Nông, Hứa, Lưu, Chu, Trương, Quách, Mã, Tống, La, Lục, Đàm, Kiều, Thái"
)
_PERSON = re.compile(
    rf"\b(?i:{'|'.join(_ADDRESSES.split(', '))})[ .:]+(?:{'|'.join(_SURNAMES.split(', '))}) (\w)"
)


def names_a_person(text: str) -> bool:
    """Check whether a text in an officer's words names somebody.

    >>> names_a_person("Phân công ông Nguyễn Văn A"), names_a_person("phường Nguyễn Thái Học")
    (True, False)
    """
    composed = unicodedata.normalize("NFC", text)
    return any(letter.isupper() for letter in _PERSON.findall(composed))


def unnamed(text: str) -> str:
    """Return a text to be shown, or dots in its place where it names somebody.

    >>> unnamed("ông Nguyễn Văn A"), unnamed("Nguyễn Thái Học")
    ('…', 'Nguyễn Thái Học')
    """
    return "…" if names_a_person(text) else text


# Numbers. 84 is Vietnam; mobiles begin with 3, 5, 7, 8 or 9, landlines with 2.

_MARKS = re.compile(r"[\s.()–-]")
# "0900 000 000", "+84 900 000 000", "0216 3000 000".
_PHONE = re.compile(r"(?:\+?84|0)(?:[35789][0-9]{8}|2[0-9]{8,9})")
_PAPER = re.compile(r"0[0-9]{2}(?: ?[0-9]{3}){3}|[0-9]{9}|[A-Z][0-9]{7,8}")  # cards, passports
# A number inside a longer text: "liên hệ 0900000000".
_WITHIN = re.compile(r"(?<![0-9.,])0(?:[35789][0-9]{8}|[0-9]{11})(?![0-9])")
# "3.2022", "10-2022": months, not the last digits of a telephone number.
_MONTH = re.compile(r"(?<![0-9])[0-9]{1,2} ?[.-] ?(?:19|20)[0-9]{2}(?![0-9])")
_SHORTEST = 8


def holds_numbers_of_persons(cells: Iterable[object]) -> bool:
    """Check whether any cell is the number of a telephone, identity card or passport.

    Hand in distinct values where a column is long.

    >>> holds_numbers_of_persons(["12", "0900 000 000"]), holds_numbers_of_persons([900000000])
    (True, True)
    >>> holds_numbers_of_persons(["209.031", 1234567, "04249", "Nguyễn Thái Học"])
    False
    """
    return any(map(_is_of_a_person, cells))


def _is_of_a_person(cell: object) -> bool:
    if isinstance(cell, str):
        return len(cell) >= _SHORTEST and _is_text_of_a_person(cell.strip().removesuffix(".0"))
    if not isinstance(cell, Real) or isinstance(cell, bool):
        return False
    # A telephone number whose leading zero the spreadsheet took away.
    return 300_000_000 <= cell < 10**9 and cell % 1 == 0 and str(int(cell))[0] in "35789"


def _is_text_of_a_person(text: str) -> bool:
    if _PAPER.fullmatch(text) or _WITHIN.search(text):
        return True
    return bool(_PHONE.fullmatch(_MARKS.sub("", text))) and not _MONTH.search(text)


_WAYS = {
    header_key(f"{by}{way}")
    for by in ("", "qua ")
    for way in ("điện thoại", "đt", "zalo", "email", "facebook", "fb", "viber", "telegram")
}


def column_of_persons(sheet: Sheet, tables: list[Table]) -> str:
    """Find the header of the first column that identifies persons; "" if there is none.

    Headers are judged wherever they stand; telephone and identity numbers in the columns of
    tables, and on sheets without a table. A signature below a form is no column.
    """
    for table in tables:
        for column in table.paths:
            body = sheet.rows[table.body.start : table.body.stop]
            cells = set(map(itemgetter(column), body)) - {""}
            if _is_of_persons(table.paths[column], cells):
                return table.header(column)
    return _list_of_persons(sheet, tables) or ("" if tables else _column_of_numbers(sheet))


def _is_of_persons(path: tuple[str, ...], cells: set) -> bool:
    if holds_numbers_of_persons(cells):
        return True
    named = [text for text in path if names_persons(text)]
    # "Nguồn tin qua › Điện thoại" counts tips that came that way.
    ways = all(header_key(text) in _WAYS or may_count(text) for text in named)
    return bool(named) and not (ways and all(read_count(cell).value is not None for cell in cells))


def _list_of_persons(sheet: Sheet, tables: list[Table]) -> str:
    """Find a header of personal data outside the tables: beside others, and filled below."""
    all_header_rows = {row for table in tables for row in table.header_rows}
    # "(Ký, ghi rõ họ tên)" and "Điện thoại:" stand around a form.
    headers = {
        text
        for text in sheet.texts
        if not text.startswith("(") and not text.endswith(":") and names_persons(text)
    }
    if not headers:
        return ""
    for number, row in enumerate(sheet.rows[:-1]):
        filled = [column for column, cell in enumerate(row) if cell != ""]
        if number in all_header_rows or len(filled) < 2:
            continue
        below = sheet.rows[number + 1 : number + 4]
        for column in filled:
            if row[column] in headers and any(cells[column] != "" for cells in below):
                return row[column]
    return ""


def _column_of_numbers(sheet: Sheet) -> str:
    for column in range(max(map(len, sheet.rows), default=0)):
        cells = [row[column] for row in sheet.rows if row[column] != ""]
        if sum(holds_numbers_of_persons([cell]) for cell in cells) >= 2:
            return get_column_letter(column + 1)
    return ""
