"""The blank table of printed figures: it loads, and nothing is overwritten unasked."""

import openpyxl
import pytest

from antq_helpers.measuring.published import load_published, write_published_template


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_template_loads_without_a_problem(tmp_path, ending, language):
    """No figure is in it, all thirteen columns are."""
    path = write_published_template(tmp_path / f"mau{ending}", language=language)
    published = load_published(path)
    assert published.shape == (0, 13)
    assert [file.name for file in tmp_path.iterdir()] == [f"mau{ending}"]


def test_a_row_that_is_filled_in_is_loaded(tmp_path):
    """The period is kept as text, so that Excel makes no day of it."""
    path = write_published_template(tmp_path / "mau.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet["J2"].number_format == "@"
    texts = ["tips", "Nguồn tin", "40", "over", None, "1", "records", "tips", None, "2023-05"]
    for column, text in enumerate(texts, 1):
        sheet.cell(2, column, text)
    book.save(path)
    assert load_published(path).loc[0, ["value", "period"]].tolist() == [40, "2023-05"]


def test_the_second_sheet_says_what_each_column_means(tmp_path):
    """In the language of the headers."""
    path = write_published_template(tmp_path / "mau.xlsx")
    form, about = openpyxl.load_workbook(path).worksheets
    headers = [cell.value for cell in form[1]]
    assert headers[:4] == ["Mã số liệu", "Tên số liệu", "Giá trị", "Mức độ"]
    assert [about.cell(row, 1).value for row in range(2, 15)] == headers
    assert "trên" in about["B5"].value


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_another_file_is_replaced_only_where_that_is_said(tmp_path, ending):
    """The message names the file."""
    path = tmp_path / f"mau{ending}"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match=rf"^mau\{ending} is there already"):
        write_published_template(path, language="en")
    assert path.read_text(encoding="utf-8") == "mine"
    assert len(load_published(write_published_template(path, overwrite=True))) == 0


def test_a_path_that_cannot_be_used_is_refused(tmp_path):
    """Another ending, a folder that is not there, a language that there is not."""
    with pytest.raises(ValueError, match=r"must end in \.xlsx"):
        write_published_template(tmp_path / "mau.pdf")
    with pytest.raises(FileNotFoundError, match="none"):
        write_published_template(tmp_path / "none" / "mau.csv", language="en")
    with pytest.raises(ValueError, match="language='fr'"):
        write_published_template(tmp_path / "mau.csv", language="fr")
