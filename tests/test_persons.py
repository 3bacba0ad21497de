"""Which columns identify persons: by their header, or by the numbers in their cells."""

import csv
import gc
import sys
import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.dictionary import DATA
from antq_helpers.reading.persons import holds_numbers_of_persons, names_persons

# No number here is anyone's: all are zeros but for the digits that make the kind.


@pytest.mark.parametrize(
    "header",
    [
        *("Họ tên", "HỌ VÀ TÊN", "Họ, tên", "Họ & tên", "Tên người cung cấp", "Tên người báo tin"),
        *("Tên người tố giác", "Người báo tin", "Người cung cấp tin", "Người tố giác"),
        *(
            "Số điện thoại",
            "Số điện thọai",
            "Điện thoại",
            "SĐT",
            "ĐT",
            "Di động",
            "ĐTDĐ",
            "Zalo",
            "Chủ hộ",
        ),
        *("Email", "E-mail", "CCCD", "CMND", "Số căn cước", "Căn cước công dân", "Số định danh"),
        *("Chứng minh nhân dân", "Hộ chiếu", "Biển số", "Biển kiểm soát", "BKS", "Địa chỉ"),
        *("Nơi ở", "Nơi cư trú", "Chỗ ở", "Hộ khẩu thường trú", "Ngày sinh", "Năm sinh"),
        *(
            "Ngày, tháng, năm sinh",
            "(Họ tên)",
            "  Họ   tên ",
            "Họ_tên",
            "Ho va ten",
            "So dien thoai",
        ),
        *("Full name", "first_name", "Last name", "Surname", "Informant", "Phone", "Telephone"),
        *("Mobile", "ID number", "Identity card", "Passport", "Licence plate", "Plate", "Address"),
        *("Date of birth", "phone_number"),
        *("H.tên", "HVT", "H. và tên", "Tên đối tượng", "Tên bị can", "Bí danh", "Nghi phạm"),
        *("Bị hại", "Nạn nhân", "Người vi phạm", "Facebook", "Link FB", "Telegram", "Nick Zalo"),
        *("Số nhà", "Số nhà, đường phố", "Quê quán", "Nơi sinh", "STK", "Victim", "Suspect"),
        # Inside longer ones.
        *("Họ tên người báo tin", "SĐT liên hệ", "Số ĐT liên hệ", "SĐT/Zalo", "Địa chỉ nơi ở"),
        *("Số CCCD của người cung cấp", "Nguồn tin: họ tên người cung cấp", "Nguồn tin (SĐT)"),
        *("Liên hệ qua SĐT",),
    ],
)
def test_a_header_of_persons_is_known(header):
    """Composed, decomposed, in capitals; whatever marks stand between the words."""
    for spelt in (header, unicodedata.normalize("NFD", header), header.upper()):
        assert names_persons(spelt)


@pytest.mark.parametrize(
    "header",
    [
        *("Số người dự", "Lượt người", "Địa bàn", "Tên xã, phường", "Tên đơn vị", "Đơn vị", "Tên"),
        *("Nguồn tin ND cung cấp", "Nguồn tin do người dân cung cấp", "Số cá nhân được khen"),
        *("name", "commune name", "Tên mô hình", "Đường dây nóng", "STT", "Ghi chú", "", "2022"),
        *("Số tin qua điện thoại", "Nguồn tin qua điện thoại", "Tin báo qua Zalo", "Tin qua Zalo"),
        *(
            "Tin qua điện thọai",
            "Tips by phone",
            "Tin qua Facebook",
            "Số bị hại",
            "Số đối tượng",
            "Số nhà văn hóa",
            "Công dân cung cấp tin",
            "Đối tượng tuyên truyền",
            "Tin báo qua số điện thoại đường dây nóng",
        ),
        *("Số người báo tin", "Số người tố giác", "Number of informants", "Mô hình Zalo an ninh"),
        *("Số vụ/ĐT", "Dân số thường trú", "Cấp CCCD", "Số lượt địa bàn"),
    ],
)
def test_a_header_of_counts_or_places_is_not_taken_for_one(header):
    """A channel by which tips come, a number of persons, the name of a unit."""
    for spelt in (header, unicodedata.normalize("NFD", header), header.upper()):
        assert not names_persons(spelt)


def strings_of(table):
    """Every cell of one of our tables."""
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return {cell for row in csv.reader(file) for cell in row}


@pytest.mark.parametrize("table", ["communes.csv", "measures.csv", "boundary_changes.csv"])
def test_nothing_that_we_write_identifies_persons(table):
    """Communes are called after persons; the words of the field speak of residents."""
    strings = strings_of(table)
    assert strings
    assert not [text for text in strings if names_persons(text)]
    assert not holds_numbers_of_persons(strings)


def test_what_our_messages_say_holds_no_number_of_a_person():
    """Examples of dates and counts among them."""
    assert not holds_numbers_of_persons(strings_of("words.csv"))


@pytest.mark.parametrize(
    "cell",
    [
        *("0900000000", "0300000000", "0500000000", "0700000000", "0800000000", " 0900000000 "),
        *("0900 000 000", "0900.000.000", "0900-000-000", "090 0000 000", "09 00 00 00 00"),
        *("+84900000000", "+84 900 000 000", "84900000000", "(+84) 900000000"),
        *("0200000000", "02000000000", "(0200) 0000 000", "0900\u00a0000\u00a0000"),
        *(900_000_000, 900_000_000.0, 300_000_000, 599_999_999, "900000000", "900000000.0"),
        *("000000000000", "001000000000", "001 000 000 000", "000000001", "B0000000", "C00000000"),
        *("gọi 0900000000", "0900000000 (trưởng thôn)", "CCCD: 001000000000"),
    ],
    ids=repr,
)
def test_numbers_of_telephones_and_papers_are_known(cell):
    """As typed, and as a spreadsheet leaves them; one among many cells is enough."""
    assert holds_numbers_of_persons([cell])
    assert holds_numbers_of_persons(iter(["12", 5, "", None, cell, "Yên Bái"]))


@pytest.mark.parametrize(
    "cell",
    [
        *("209.031", 1_234_567, "1.234.567", "12", "2 368", "2.368.000", 0, -5, 12.5, 2368.0, ""),
        *("300.000.000", "900 000 000", 200_000_000, 400_000_000, 600_000_000, 900_000_000.5),
        *(10**12, 10**400, float("nan"), float("inf"), True, None, "04249", "04249@2008", 4249),
        *("2022", 2022, "3/2022", "2022-03", "15/12/2021", "15.12.2021", "05.04.2022"),
        *(
            "15/12/2021 - 14/12/2022",
            "15.12.2021-14.12.2022",
            "02.2022-03.2022",
            "03-2022 - 04-2022",
        ),
        *(date(2022, 3, 5), datetime(2022, 3, 5, 7, 8), "2022-03-05 00:00:00", "05/03/2022 10:30"),
        *("Nguyễn Thái Học", "Phường Yên Thịnh", "31/45", "12 tin", "Quý I năm 2022", "b0000000"),
        *("12/BC-CAX", "122/NQ-CP", "A1", "0,900000000", "1234567890123456"),
    ],
    ids=lambda cell: repr(cell)[:30],
)
def test_counts_dates_and_codes_are_not_taken_for_them(cell):
    """What the other columns of a report hold."""
    assert not holds_numbers_of_persons([cell])


def test_no_cell_is_no_person():
    """An empty column identifies no one."""
    assert not holds_numbers_of_persons([])


@given(st.integers(0, 299_999_999), st.sampled_from(["", ".", " "]))
def test_no_count_below_three_hundred_million_is_taken_for_a_telephone(count, mark):
    """As a number, bare up to eight digits, and with thousands apart."""
    cells = [count, float(count), f"{count:,}".replace(",", mark or ".")]
    assert not holds_numbers_of_persons([*cells, *[str(count)] * (count < 10**8)])


@given(st.dates(), st.dates(), st.sampled_from("/.-"))
def test_no_day_or_period_is_taken_for_a_number(start, end, mark):
    """With slashes, full stops and dashes, alone and in pairs."""
    days = [f"{day:%d}{mark}{day:%m}{mark}{day.year:04}" for day in (start, end) if day.year > 1899]
    months = [day[3:] for day in days]
    assert not holds_numbers_of_persons([*days, " - ".join(days), "-".join(months)])


@given(st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.lists(st.none())))
def test_no_cell_and_no_header_raises(cell):
    """Whatever stands there."""
    assert holds_numbers_of_persons([cell]) in (True, False)
    assert names_persons(str(cell)) in (True, False)


def test_nothing_looked_at_is_kept():
    """Neither a header nor a cell stays in memory after the answer."""
    header, cell = "Họ tên " + "x" * 50, "0900000000" + " " * 50
    before = sys.getrefcount(header), sys.getrefcount(cell)
    assert names_persons(header)
    assert holds_numbers_of_persons([cell])
    gc.collect()
    assert (sys.getrefcount(header), sys.getrefcount(cell)) == before
