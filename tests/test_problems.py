"""What a message says, in both languages, and that none is without words."""

import ast
from pathlib import Path

import pytest

import antq_helpers
from antq_helpers.dictionary import LANGUAGES, _words, package
from antq_helpers.problems import DataProblem, Problem

CODE = Path(antq_helpers.__file__).parent
# The makers of problems, and which of their arguments is the kind.
MAKERS = {
    **dict.fromkeys(("Problem", "problem", "problem_at", "add_problem", "add_note"), 0),
    "RefusedError": 0,
    **dict.fromkeys(("Count", "_refuse_column", "_set_aside"), 1),
}
TABLES = {"NOTES_OF_COLUMNS", "UNIT_KINDS"}  # dictionaries whose values are kinds
COUNT = Problem("broken_count", "quy1.xlsx", "Quý I", 14, "Số nguồn tin", "12a")


def trees(folder=""):
    """The syntax of every module of the package, or of one of its wings."""
    paths = (CODE / folder).rglob("*.py")
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def strings():
    """Every string in the code."""
    return {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def kinds_made():
    """The kinds that the code hands to a maker of problems as they stand, or holds in a table."""
    nodes = [node for tree in trees() for node in ast.walk(tree)]
    found = [call.args[at] for call, at in made(nodes) if len(call.args) > at]
    for node in nodes:
        if isinstance(node, ast.Assign) and TABLES & {getattr(t, "id", "") for t in node.targets}:
            found += node.value.values
    found += [branch for node in found if isinstance(node, ast.IfExp) for branch in branches(node)]
    reading = [node for tree in trees("reading") for node in ast.walk(tree)]
    found += [branch for node in reading if names_a_kind(node) for branch in branches(node.value)]
    said = [node.value for node in found if isinstance(node, ast.Constant)]
    return {kind for kind in said if isinstance(kind, str)} - {""}


def names_a_kind(node):
    """Whether a statement says what the kind is: kind = "no_commune" if … else "no_period"."""
    return (
        isinstance(node, ast.Assign)
        and getattr(node.targets[0], "id", "") == "kind"
        and isinstance(node.value, ast.IfExp)
    )


def branches(node):
    """The two values of a choice."""
    return [node.body, node.orelse]


def made(nodes):
    """The calls that make a problem, and which of their arguments is its kind."""
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in MAKERS:
            yield call, MAKERS[name]


def kinds_of_the_data_package():
    """The kinds that follow from a type or a constraint of the data package."""
    fields = [field for entry in package()["resources"] for field in entry["schema"]["fields"]]
    types = {field["type"] for field in fields} - {"string", "integer"}
    return {f"broken_{name}" for name in types} | {
        rule for field in fields for rule in field.get("constraints", {})
    }


def kinds_with(prefix):
    """The kinds that words.csv has a text for."""
    return {key.removeprefix(prefix) for key in _words() if key.startswith(prefix)}


def test_each_kind_of_problem_in_the_code_has_words():
    """A kind without words would end in a KeyError before a user."""
    found = kinds_made()
    assert {"no_file", "missing_column", "persons", "part_above_whole", "password"} <= found
    assert {"which_mark", "no_period", "column_twice", "row_numbers", "outside_land"} <= found
    assert found | kinds_of_the_data_package() <= kinds_with("problem.")


def test_each_problem_has_a_word_on_what_to_do():
    """What was expected and what to do come in pairs."""
    assert kinds_with("problem.") == kinds_with("todo.")


def test_no_words_are_kept_for_problems_that_the_code_can_not_find():
    """Dead words would be translated and read in vain."""
    assert kinds_with("problem.") - strings() - kinds_of_the_data_package() == set()


def test_a_message_says_where_what_is_expected_and_what_to_do():
    """File, sheet, row, column, value, expectation and next step stand in one line."""
    assert COUNT.text() == (
        'quy1.xlsx, sheet "Quý I", row 14, column "Số nguồn tin": "12a": this is no count. '
        "Write a whole number without separators, such as 2368; leave blank what was not reported."
    )


def test_a_message_speaks_vietnamese_when_told_to():
    """The same parts, in Vietnamese."""
    assert COUNT.text("vi") == (
        'quy1.xlsx, trang tính "Quý I", dòng 14, cột "Số nguồn tin": "12a": không phải là số đếm. '
        "Ghi số nguyên không dấu phân cách, ví dụ 2368; chưa báo cáo thì để trống."
    )


def test_a_message_leaves_out_what_is_not_known():
    """A missing file has no sheet, row, column or value."""
    assert Problem("no_file", "quy1.xlsx").text() == (
        "quy1.xlsx: there is no such file. Check the name and the folder."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_details_fill_the_blanks_of_both_sentences(language):
    """The limit stands in what was expected and in what to do."""
    problem = Problem("minimum", "a.csv", "", 2, "tips", "-1", {"limit": 0})
    assert "0" in problem.expected(language)
    assert "0" in problem.what_to_do(language)
    assert "{" not in problem.text(language)


def rows(how_many):
    """That many problems, in rows 2, 3, …"""
    return [
        Problem("required", "a.csv", row=row, column="commune") for row in range(2, how_many + 2)
    ]


def test_data_problem_shows_twenty_and_counts_the_rest():
    """Of 25 problems in rows 2 to 26 the message shows those to row 21 and says five more."""
    with pytest.raises(DataProblem, match=r"row 21, .*\n… and 5 more") as caught:
        raise DataProblem(rows(25))
    assert len(caught.value.problems) == 25
    assert "row 22," not in str(caught.value)


def test_data_problem_does_not_speak_of_more_where_there_are_none():
    """Twenty problems are twenty lines."""
    message = str(DataProblem(iter(rows(20)), "vi"))
    assert message.count("\n") == 19
    assert "dòng 21," in message
    assert "lỗi khác" not in message


def test_data_problem_counts_the_rest_in_vietnamese():
    """The last line follows the language of the message."""
    assert str(DataProblem(rows(21), "vi")).endswith("… và 1 lỗi khác.")


def test_data_problem_is_a_value_error():
    """Who catches ValueError catches bad files, too."""
    assert issubclass(DataProblem, ValueError)
