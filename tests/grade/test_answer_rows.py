"""A file of answers is read row by row: what cannot be used is listed with its line, and the rest is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.errors import InputError
from symnn.grade import Row, parse_answers, read_answers

HEAD = "student,variant,question,value\n"
ADA = Row(2, "ada", "1", "L", "0,5")

SAME = {
    "commas": 'student,variant,question,value\nada,1,L,"0,5"\n',
    "semicolons": "student;variant;question;value\nada;1;L;0,5\n",
    "tabs": "student\tvariant\tquestion\tvalue\nada\t1\tL\t0,5\n",
    "another order, another case": 'Value ,QUESTION,variant,Student\n"0,5",L,1,ada\n',
    "more columns": 'email,student,variant,question,value\nx,ada,1,L,"0,5"\n',
    "spaces": 'student,variant,question,value\n ada , 1 , L ,"0,5"\n',
    "a byte order mark": '\ufeffstudent,variant,question,value\nada,1,L,"0,5"',
    "Windows": 'student,variant,question,value\r\nada,1,L,"0,5"\r\n',
    "an old Macintosh": 'student,variant,question,value\rada,1,L,"0,5"\r',
    "empty rows": 'student,variant,question,value\nada,1,L,"0,5"\n\n,,,\n',
}


@pytest.mark.parametrize("kind", SAME)
def test_a_row_is_the_same_however_it_is_written(kind):
    found = parse_answers(SAME[kind].encode())
    assert found.rows == (ADA,)
    assert found.listed == ()


def test_a_file_of_a_spreadsheet_in_utf_16_is_read():
    assert parse_answers(SAME["tabs"].encode("utf-16")).rows == (ADA,)


def test_the_line_in_which_a_spreadsheet_names_its_separator_is_no_header():
    (row,) = parse_answers(b"sep=;\nstudent;variant;question;value\nada;1;L;0,5\n").rows
    assert (row.line, row.value) == (3, "0,5")


def test_an_array_may_go_over_lines_and_lines_are_counted_all_the_same():
    found = parse_answers((HEAD + 'ada,1,W,"[[1,2],\n[3,4]]"\nada,1,L,5\n').encode())
    assert [(row.line, row.value) for row in found.rows] == [(2, "[[1,2],\n[3,4]]"), (4, "5")]


LISTED = {
    "too many cells": ("ada,1,L,0,5", "5 cells, and the header has 4"),
    "too few cells": ("ada,1,L", "3 cells, and the header has 4"),
    "an open quote": ('ada,1,L,"5', "a quote is not closed"),
    "text behind a quote": ('ada,1,L,"5"x', "a quote is not closed"),
    "no student": (",1,L,5", "no student"),
    "no variant": ("ada,,L,5", "no variant"),
    "no question": ("ada,1,,5", "no question"),
    "a cell without end": (f"ada,1,L,{'x' * 200_000}", "a quote is not closed"),
}


@pytest.mark.parametrize("kind", LISTED)
def test_a_row_that_cannot_be_used_is_listed_with_its_line_and_stops_no_other(kind):
    row, said = LISTED[kind]
    found = parse_answers(f"{HEAD}bob,1,L,1\n{row}\ncid,1,L,2\n".encode())
    (listed,) = found.listed
    assert (listed.line, said in listed.what, bool(listed.do)) == (3, True, True)
    assert [one.student for one in found.rows] == ["bob", "cid"]


def test_bytes_that_are_no_text_cost_their_row_alone():
    found = parse_answers(HEAD.encode() + "josé,1,L,1\n".encode("latin-1") + b"bob,1,L,1\n")
    assert [row.student for row in found.rows] == ["bob"]
    assert [(one.line, one.what) for one in found.listed] == [(2, "bytes that are no text")]


UNUSABLE = {
    "nothing": b"",
    "blank lines": b"\n\n",
    "no header": b"ada,1,L,5\n",
    "a column missing": b"student,variant,question\nada,1,L\n",
    "a column twice": b"student,variant,question,value,value\nada,1,L,1,2\n",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_file_without_a_header_is_refused_with_what_to_do(kind):
    with pytest.raises(InputError, match=r"student|twice"):
        parse_answers(UNUSABLE[kind], "answers.csv")


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_answers(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot read"):
        read_answers(tmp_path)


@given(st.binary(max_size=200))
def test_any_bytes_behind_a_header_are_rows_or_listed(content):
    found = parse_answers(HEAD.encode() + content)
    assert all(row.line >= 2 for row in (*found.rows, *found.listed))
