"""The page in one file by its name and by the command line; the browser tests look at it."""

import pytest

import antq_helpers as antq
from antq_helpers.__main__ import main
from tests.quick import SAMPLE


def test_the_command_writes_the_file_of_the_function(tmp_path, capsys):
    path = tmp_path / "new" / "public.html"
    told = ["page", "--audience", "public", "--to", str(path), "--book", str(tmp_path)]
    main(told)
    again = antq.write_page(SAMPLE, tmp_path / "b.html", audience="public", book=tmp_path)
    assert path.read_bytes() == again.read_bytes()
    assert capsys.readouterr().out == f"{path}\n"
    with pytest.raises(SystemExit, match=r"public\.html"):
        main(told)
    main([*told, "--overwrite"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"path": "a.htm", "audience": "internal"},
            r"a\.htm' must end in \.html: it will be a web page",
        ),
        ({"audience": "staff"}, "audience='staff'"),
        ({"audience": "internal", "period": 2022}, "an internal page has all periods"),
        ({"audience": "public", "period": 2031}, "2031"),
        ({"path": "none/a.html", "audience": "internal"}, "none"),
    ],
)
def test_what_it_can_not_write(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, OSError), match=message):
        antq.write_page(SAMPLE, **{"path": "a.html", **options})
    assert not list(tmp_path.glob("*.html"))
