"""Rows find their questions by every sensible name; what is unclear is listed and not guessed, the rest is marked."""

from __future__ import annotations

import pytest

from symnn.grade import Outcome
from tests.grade.lessons import HEAD, mark, quiz

ASKED = ("Z2", "L", "dW2[1, 2]")

NAMES = {
    "L": ("260", "L"),
    "l": ("260", "L"),
    "two/L": ("260", "L"),
    "Two/l": ("260", "L"),
    "Z2-1-1": ("-21", "Z2-1-1"),
    "Z2_1_1": ("-21", "Z2-1-1"),
    "z2 1 1": ("-21", "Z2-1-1"),
    "dW2-1-2": ("484", "dW2-1-2"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_found_by_its_id_in_any_case(name):
    value, id_ = NAMES[name]
    found = mark(quiz(*ASKED), f"{HEAD}ada,1,{name},{value}\n")
    assert found.listed == ()
    (right,) = [one for one in found.sheets[0].marks if one.outcome is Outcome.RIGHT]
    assert right.id == id_


@pytest.mark.parametrize("variant", ["1", "01", "v1", "Variant 1", "variant-001", "1.0"])
def test_a_variant_is_found_by_its_number(variant):
    assert mark(quiz("L"), f"{HEAD}ada,{variant},L,260\n").sheets[0].points == 6


LISTED = {
    "a question that is not asked": ("ada,1,Z9,5", "unknown question 'Z9'"),
    "an entry that is not there": ("ada,1,Z2-3-1,5", "unknown question 'Z2-3-1': did you mean"),
    "a variant that is no number": ("ada,one,L,5", "'one' is no variant"),
    "variant 0": ("ada,0,L,5", "'0' is no variant"),
    "a variant without end": (f"ada,{'9' * 5000},L,5", "is no variant"),
    "text for a number": ("ada,1,L,five", "'five' is no number"),
    "an array for a number": ('ada,1,L,"[1, 2]"', "is no number"),
    "a number for an array": ("ada,1,Z2,5", "an array of 1 × 1: 2 × 1 is asked for"),
    "another shape": ('ada,1,Z2,"1 2; 3 4"', "an array of 2 × 2: 2 × 1 is asked for"),
    "text in an array": ('ada,1,Z2,"1; x"', "'x' at Z2-2-1 is no number"),
    "a number without end": ("ada,1,L,1e999999999", "powers of ten go from -999 to 999"),
    "a comma that may be either": ('ada,1,L,"1,234"', "1,234 may be 1234 or 1.234"),
}


@pytest.mark.parametrize("what", LISTED)
def test_what_cannot_be_read_is_listed_with_its_line_and_the_rest_is_marked(what):
    row, said = LISTED[what]
    found = mark(quiz(*ASKED), f"{HEAD}bob,1,L,260\n{row}\ncid,1,L,260\n")
    (listed,) = found.listed
    assert (listed.line, said in listed.what, bool(listed.do)) == (3, True, True)
    assert {sheet.student: sheet.points for sheet in found.sheets if sheet.student != "ada"} == {"bob": 6, "cid": 6}


def test_the_other_entries_of_an_array_with_text_in_it_are_marked():
    (sheet,) = mark(quiz("Z2"), f'{HEAD}ada,1,Z2,"-21; x"\n').sheets
    assert [one.outcome for one in sheet.marks] == [Outcome.RIGHT, Outcome.UNREAD]


def test_who_names_an_unknown_question_is_told_the_names_that_there_are():
    (listed,) = mark(quiz(*ASKED), f"{HEAD}ada,1,Q7,5\n").listed
    assert listed.do == "name the question as the key does: Z2, L, dW2-1-2"


def test_a_blank_is_no_answer_and_nothing_to_list():
    found = mark(quiz(*ASKED), f'{HEAD}ada,1,L,\nada,1,Z2,""\n')
    assert found.listed == ()
    assert {one.outcome for one in found.sheets[0].marks} == {Outcome.BLANK}


def test_of_two_answers_that_differ_none_counts_and_both_lines_are_named():
    found = mark(quiz("L"), f"{HEAD}ada,1,L,260\nada,1,L,261\n")
    (listed,) = found.listed
    assert (listed.line, listed.what) == (3, "L is answered on line 2 already, with '260'")
    assert found.sheets[0].marks[0].outcome is Outcome.UNREAD


def test_of_two_answers_that_are_the_same_number_one_counts():
    found = mark(quiz("L"), f"{HEAD}ada,1,L,260\nada,1,L,260.0\n")
    assert found.sheets[0].points == 6
    assert [one.line for one in found.listed] == [3]


def test_an_answer_beside_a_blank_one_counts():
    for rows in ("ada,1,L,\nada,1,L,260\n", "ada,1,L,260\nada,1,L,\n"):
        found = mark(quiz("L"), HEAD + rows)
        assert (found.listed, found.sheets[0].points) == ((), 6)


def test_an_entry_given_twice_once_in_its_array_is_a_double():
    found = mark(quiz("Z2"), f'{HEAD}ada,1,Z2,"-21; -2"\nada,1,Z2-1-1,5\n')
    assert [one.outcome for one in found.sheets[0].marks] == [Outcome.UNREAD, Outcome.RIGHT]


def test_a_student_who_uses_decimal_commas_uses_them_everywhere():
    asked = quiz("L", "L_new")
    found = mark(asked, f'{HEAD}ada,1,L-new,"12,56"\nada,1,L,"0,260"\nbob,1,L-new,"0,5"\nbob,1,L,"1,260"\n')
    assert found.listed == ()
    assert found.sheets[1].marks[0].given.value * 100 == 126


def test_a_file_between_semicolons_has_decimal_commas():
    found = mark(quiz("L"), "student;variant;question;value\nada;1;L;1,260\n")
    assert found.sheets[0].marks[0].given.value * 100 == 126


def test_a_student_with_two_variants_has_both_marked_and_is_listed():
    found = mark(quiz("L"), f"{HEAD}ada,1,L,260\nada,2,L,260\n")
    assert [(sheet.variant, sheet.points) for sheet in found.sheets] == [(1, 6), (2, 6)]
    assert [one.what for one in found.listed] == ["'ada' answered variant 1 on line 2 already"]


def test_a_question_that_two_problems_ask_needs_the_problem_before_it():
    asked = quiz("L", ids=("first", "second"))
    found = mark(asked, f"{HEAD}ada,1,L,260\nada,1,second/L,260\n")
    assert [one.what for one in found.listed] == ["'L' is asked in several problems: write first/L or second/L"]
    assert [(one.problem, one.points) for one in found.sheets[0].marks] == [("first", 0), ("second", 6)]


def test_what_asks_for_no_number_is_left_to_a_person():
    found = mark(quiz("L", "formula:dW1"), f"{HEAD}ada,1,formula-dW1,x\nada,1,L,260\n")
    assert [one.what for one in found.listed] == ["formula-dW1 asks for no number"]
    assert [(problem, ask.id) for problem, ask in found.by_hand] == [("two", "formula-dW1")]
    assert found.sheets[0].possible == 6


def test_many_numbers_of_which_hardly_any_is_right_raise_a_doubt():
    asked = quiz("L")
    wrong = HEAD + "".join(f"s{at},1,L,{at}\n" for at in range(30))
    assert "is this the problem file, and the seed" in mark(asked, wrong).doubt
    right = HEAD + "".join(f"s{at},1,L,{260 if at % 2 else at}\n" for at in range(30))
    assert mark(asked, right).doubt == ""
