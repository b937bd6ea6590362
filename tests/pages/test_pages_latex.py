"""The LaTeX of every report compiles: no error, no undefined reference, no box that sticks out by more than 10 pt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import grid

REPORTS = Path(__file__).parents[2] / "reports"
COMMITTED = sorted(path.name for path in REPORTS.glob("*.tex"))

pytestmark = pytest.mark.tex


def test_there_are_reports_to_compile():
    assert COMMITTED


@pytest.mark.parametrize("case", grid.CASES)
def test_a_telling_compiles_without_complaint(case, documents):
    assert grid.typeset_complaints(documents.of(case)) == []


@pytest.mark.parametrize("name", COMMITTED)
def test_a_committed_report_compiles_without_complaint(name, tmp_path):
    taken = REPORTS.glob(f"{Path(name).stem}-*.pdf")
    for path in (REPORTS / name, *taken):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert grid.typeset_complaints(tmp_path) == []


PLANTED = {
    "an unknown command": (r"\nonsense", "Undefined control sequence"),
    "an undefined reference": (r"see \ref{nothing}", "Reference `nothing' on page"),
    "a formula too wide": (r"\[" + "+".join(["123456789"] * 30) + r"\]", "Overfull"),
    "a picture that is missing": (r"\includegraphics{or-gate-9.pdf}", "or-gate-9.pdf' not found"),
}


@pytest.mark.parametrize(("body", "seen"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_seen(body, seen, tmp_path):
    text = (REPORTS / "or-gate-trained.tex").read_text(encoding="utf-8")
    for path in REPORTS.glob("or-gate-trained-*.pdf"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "planted.tex").write_text(text.replace(r"\end{document}", body + "\n" + r"\end{document}"))
    assert any(seen in said for said in grid.typeset_complaints(tmp_path))
