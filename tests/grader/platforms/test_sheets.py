"""A platform's table is read as Python's csv reads it, and filled without another byte of it changing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.errors import UserError
from grader.platforms.sheets import parse_sheet, read_sheet

ENCODINGS = {"utf-8": b"", "utf-8-sig": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "cp1252": b""}
CHARACTERS = st.sampled_from(list('abz 019,;\t""\'=-\r\n.éü'))
TEXTS = st.text(CHARACTERS, max_size=6)


@st.composite
def tables(draw):
    """(bytes, separator, encoding, rows as csv reads them): quoted or not, with any line end."""
    separator, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding, quoting = draw(st.sampled_from(list(ENCODINGS))), draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    width = draw(st.integers(2, 4))
    rows = [[f"head{at}" for at in range(width)], *draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width), max_size=5))]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    text = stream.getvalue().removesuffix(draw(st.sampled_from(["", end])))
    if encoding == "cp1252":  # what is valid UTF-8 is taken for that: with an é that is none, it is not
        text = text.replace("head0", "heé0", 1)
    plain = encoding.removesuffix("-sig")
    return (
        ENCODINGS[encoding] + text.encode(plain),
        separator,
        encoding,
        list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)),
    )


@given(tables())
@settings(max_examples=30)
def test_cells_are_those_of_pythons_csv(table):
    data, separator, encoding, rows = table
    sheet = parse_sheet(data, "sheet.csv")
    assert (sheet.separator, sheet.mark, sheet.encoding) == (separator, ENCODINGS[encoding], encoding.removesuffix("-sig"))
    assert [[cell.text for cell in row.cells] for row in sheet.rows] == [row for row in rows if row]
    assert sheet.filled({}) == data


@given(tables(), st.data(), TEXTS)
@settings(max_examples=30)
def test_a_filled_cell_is_the_only_one_that_changes(table, choose, text):
    data, separator, encoding, rows = table
    sheet = parse_sheet(data, "sheet.csv")
    row = choose.draw(st.integers(0, len(sheet.rows) - 1))
    cell = choose.draw(st.sampled_from(sheet.rows[row].cells))
    written = sheet.filled({cell: text})
    plain = encoding.removesuffix("-sig")
    before, after = (
        len(sheet.mark) + len(sheet.text[: cell.start].encode(plain)),
        len(sheet.text[cell.end :].encode(plain)),
    )
    assert written[:before] == data[:before]
    assert written[len(written) - after :] == data[len(data) - after :]
    again = list(csv.reader(io.StringIO(written[len(sheet.mark) :].decode(plain), newline=""), delimiter=separator))
    place = sheet.rows[row].cells.index(cell)
    expected = [list(old) for old in rows if old]
    expected[row][place] = text
    assert [found or [""] for found in again if found or expected[row] == [""]] == expected


def test_a_row_says_at_which_line_of_the_file_it_begins():
    sheet = parse_sheet(b'a,b\r\n"two\r\nlines",1\r\n\r\nlast,2\r\n', "x.csv")
    assert [row.line for row in sheet.rows] == [1, 2, 5]
    assert [row.line for row in sheet.body] == [2, 5]


def test_a_line_that_names_the_separator_is_no_header():
    data = b"sep=;\r\nname;mail\r\nAda, Countess;a@b.c\r\n"
    sheet = parse_sheet(data, "x.csv")
    assert (sheet.header, sheet.rows[1].line, sheet.filled({})) == (["name", "mail"], 3, data)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"PK\x03\x04rest", "workbook of a spreadsheet program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"\n<!DOCTYPE html><title>Log in</title>", "page of the web"),
        (b'"a,b\n1,2\n3,4\n', "line 1: a quote is opened and never closed"),
        (b'a,b\n1,"2\n3,4\n', "line 2: a quote is opened and never closed"),
        (b"a,b\n\x81\x8d,2\n", "no text in UTF-8"),
        (b"a,b\n" + b"x" * 300 + b"\0,2\n", "no text in UTF-8"),
        (b"\xff\xfea", "no text in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data, told):
    with pytest.raises(UserError, match=told) as refused:
        parse_sheet(data, "sheet.csv")
    assert str(refused.value).startswith("sheet.csv")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path):
    with pytest.raises(UserError, match="is not there"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_sheet(tmp_path)


def test_a_character_that_the_file_cannot_hold_is_told():
    sheet = parse_sheet("näme,x\n1,2\n".encode("cp1252"), "x.csv")
    with pytest.raises(UserError, match="cp1252, which has no '→'"):
        sheet.filled({sheet.rows[1].cells[0]: "→"})


@pytest.mark.stress
@pytest.mark.parametrize("part", ['"', '""', '",', '"a"b', ",", "\r", ";\t", "a"])
def test_a_quarter_of_a_megabyte_of_anything_is_read_or_refused_at_once(part):
    data = ("a,b\n" + part * (2**18 // len(part))).encode()
    try:
        assert parse_sheet(data, "x.csv").filled({}) == data
    except UserError as refused:
        assert "never closed" in str(refused)  # noqa: PT017 - either is right
