"""What machines read of the verdicts: whole, escaped, and with the same status as the text."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from symnn.cli import checking, main
from symnn.cli.finding import Finding
from symnn.cli.formats import WRITERS, Format, to_github, to_json, to_junit
from symnn.cli.screen import write
from symnn.sandbox import Limits, child_of, opened
from symnn.verification import Check, Diagnosis, Verdict
from symnn.verification.evidence import Evidence
from tests.cli.test_cli import DIFFERENT, EQUAL, FAULT, GRADIENT, RIGHT, UNDECIDED, USAGE, here, target

# Everything that means something to XML, JSON, a terminal or a runner.
NASTY = "a]]>&<b>\"'\x00\x1b[31m%\r\n::error::x,y:z##[set-env]\ud800\ufffe\x85é✓"

EQUALITY = Verdict("equal", 98, "certified to 98 digits", (Check("W", (2, 3), "equal", digits=98),))
DIFFERENCE = Verdict(
    "different",
    0,
    "the gradient is certainly wrong at W[1, 0]",
    (
        Check("W", (2, 3), "different", (1, 0), Decimal("3.50"), Decimal("0.50"), Decimal("3.0")),
        Check("v", (), "equal", digits=80),
        Check("u", (3,), "different", note="the shape is wrong"),
    ),
    diagnosis=Diagnosis("the slope of tanh is missing", "slope", 1, ("W", "u"), "yours − exact = …"),
    further=(Evidence("proved", "different", "different for all inputs", ("Z1[0, 0] > 0", "b < 1")),),
)
UNDECISION = Verdict("undecided", 0, "no certified answer", (Check("W", (2,), "undecided"),), ("grad raised Oops: no",))
BARE = Verdict("undecided", 0, "no certified answer", (), ("loss raised Oops: no",))
NASTY_DIFFERENCE = Verdict(
    "different",
    0,
    NASTY,
    (Check(NASTY, (2,), "different", (0,), *map(Decimal, "123"), note=NASTY),),
    (NASTY,),
    Diagnosis(NASTY),
)

FINDINGS = (
    Finding("equal.py", EQUALITY),
    Finding("different.py", DIFFERENCE, line=7),
    Finding("undecided.py", UNDECISION),
    Finding("bare.py", BARE),
    Finding("unusable.py", problem="unusable.py has no function loss\n  loss  returns one number"),
    Finding(NASTY, NASTY_DIFFERENCE),
    Finding(NASTY, problem=NASTY),
)

# What stands in a file, by the state that the file is in.
STATES = {
    "equal": ("", ""),
    "different": (GRADIENT, GRADIENT.replace("(1 -", "-(1 -")),
    "undecided": (GRADIENT, "raise RuntimeError('not yet')"),
    "unusable": ("import numpy", "1 // 0\nimport numpy"),
}


def files(folder, *states):
    return [target(folder, *STATES[state], name=f"{place}_{state}.py") for place, state in enumerate(states)]


def read(junit):
    return ElementTree.fromstring(junit)  # noqa: S314 -- written by symnn a moment ago


def test_every_format_but_text_has_a_writer():
    assert set(WRITERS) == set(Format) - {Format.TEXT}


# JSON

KEYS = [
    "file",
    "verdict",
    "digits",
    "evidence",
    "diagnosis",
    "reasons",
    "checks",
    "error",
    "line",
    "mistake",
    "suspect",
    "further",
]
CHECK_KEYS = [
    "name",
    "shape",
    "verdict",
    "worst",
    "entry",
    "yours",
    "exact",
    "difference",
    "digits",
    "note",
    "interval",
]


def test_json_holds_every_field_in_one_order():
    rows = json.loads(to_json(FINDINGS))
    assert [row["file"] for row in rows] == [finding.file for finding in FINDINGS]
    assert [row["verdict"] for row in rows[:5]] == ["equal", "different", "undecided", "undecided", None]
    assert all(list(row) == KEYS for row in rows)
    assert all(list(check) == CHECK_KEYS for row in rows for check in row["checks"])
    assert rows[1]["diagnosis"] == "the slope of tanh is missing"
    assert rows[1]["checks"][0] == {
        "name": "W",
        "shape": [2, 3],
        "verdict": "different",
        "worst": [1, 0],
        "entry": "W[1, 0]",
        "yours": "3.50",
        "exact": "0.50",
        "difference": "3.0",
        "digits": 0,
        "note": "",
        "interval": None,
    }
    assert rows[1]["line"] == 7
    assert rows[1]["mistake"] == {
        "kind": "slope",
        "known": [],
        "layer": 1,
        "arrays": ["W", "u"],
        "difference": "yours − exact = …",
        "is_cause": True,
        "edits": [],
        "others": [],
        "repair": "",
    }
    assert rows[1]["further"] == [
        {
            "level": "proved",
            "verdict": "different",
            "said": "different for all inputs",
            "region": ["Z1[0, 0] > 0", "b < 1"],
        }
    ]
    assert all(row["mistake"] is None for row in rows if not row["diagnosis"])
    assert rows[1]["checks"][2]["worst"] is rows[1]["checks"][2]["entry"] is rows[1]["checks"][2]["yours"] is None
    assert rows[2]["reasons"] == ["grad raised Oops: no"]
    assert rows[4]["error"] == FINDINGS[4].problem


def test_json_keeps_what_is_nasty_and_is_ascii():
    text = to_json(FINDINGS)
    assert text.isascii()
    assert all(character >= " " or character == "\n" for character in text)
    nasty = json.loads(text)[5]
    assert nasty["file"] == nasty["evidence"] == nasty["diagnosis"] == nasty["reasons"][0] == NASTY


# JUnit


def test_junit_is_a_suite_for_each_file_and_a_case_for_each_array():
    root = read(to_junit(FINDINGS[:5]))
    said = {
        suite.get("name"): [
            (case.get("name"), [(e.tag, e.get("type")) for e in case]) for case in suite.iter("testcase")
        ]
        for suite in root
    }
    assert said == {
        "equal.py": [("W", [])],
        "different.py": [("W", [("failure", "different")]), ("v", []), ("u", [("failure", "different")])],
        "undecided.py": [("W", [("error", "undecided")])],
        "bare.py": [("verdict", [("error", "undecided")])],
        "unusable.py": [("file", [("error", "unusable")])],
    }
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "7",
        "failures": "2",
        "errors": "3",
        "skipped": "0",
    }
    messages = [element.get("message") for case in root.iter("testcase") for element in case]
    assert messages == [
        "differs at W[1, 0]",
        "differs at u: the shape is wrong",
        "undecided: grad raised Oops: no",
        "loss raised Oops: no",
        "unusable.py has no function loss",
    ]
    texts = [element.text for case in root.iter("testcase") for element in case]
    assert texts == [str(DIFFERENCE), str(DIFFERENCE), str(UNDECISION), str(BARE), FINDINGS[4].problem]


@pytest.mark.parametrize("outcome", ["different", "undecided"])
def test_junit_never_passes_what_is_not_equal(outcome):
    verdict = Verdict(outcome, 0, "of another kind", (Check("W", (2,), "equal", digits=80),))
    root = read(to_junit([Finding("a.py", verdict)]))
    assert [case.get("name") for case in root.iter("testcase")] == ["W", "verdict"]
    assert int(root.get("failures")) + int(root.get("errors")) == 1


def test_junit_shows_what_xml_cannot_hold():
    text = to_junit(FINDINGS)
    assert text.isascii()
    root = read(text)
    shown = NASTY
    for hidden, code in {
        "\x00": r"\x00",
        "\x1b": r"\x1b",
        "\r": r"\r",
        "\ud800": r"\ud800",
        "\ufffe": r"\ufffe",
    }.items():
        shown = shown.replace(hidden, code)
    assert root[6].get("name") == shown
    assert root[6][0][0].text == shown


def test_junit_is_read_back_by_junitparser(tmp_path):
    junitparser = pytest.importorskip("junitparser")
    path = tmp_path / "junit.xml"
    path.write_text(to_junit(FINDINGS), encoding="utf-8")
    suites = junitparser.JUnitXml.fromfile(str(path))
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (9, 3, 4, 0)
    suites = list(suites)
    assert [suite.name for suite in suites[:5]] == [finding.file for finding in FINDINGS[:5]]
    assert {found.name: found.value for found in suites[1].properties()} == {
        "mistake.kind": "slope",
        "mistake.layer": "1",
        "mistake.arrays": "W, u",
        "mistake.difference": "yours − exact = …",
        "mistake.is_cause": "True",
        "evidence.proved": "different: different for all inputs",
        "region.proved": "Z1[0, 0] > 0 and b < 1",
    }
    case = next(iter(suites[1]))
    assert (case.classname, case.name) == ("different.py", "W")
    (result,) = case.result
    assert isinstance(result, junitparser.Failure)
    assert (result.message, result.type, result.text) == ("differs at W[1, 0]", "different", str(DIFFERENCE))
    assert next(iter(suites[0])).is_passed
    assert isinstance(next(iter(suites[2])).result[0], junitparser.Error)


# GitHub

COMMAND = re.compile(r"::error file=([^,:]*)(?:,line=(\d+))?,title=([^,:]*)::(.*)")


def unescaped(text):
    for code, character in {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(code, character)
    return text


def test_github_gets_one_line_for_each_file():
    lines = to_github(FINDINGS).split("\n")
    assert len(lines) == len(FINDINGS)
    assert lines[0] == "equal: equal.py: certified to 98 digits"
    read = [tuple(map(unescaped, COMMAND.fullmatch(line).groups(""))) for line in lines[1:]]
    assert read[:4] == [
        ("different.py", "7", "symnn: different", str(DIFFERENCE)),
        ("undecided.py", "", "symnn: undecided", str(UNDECISION)),
        ("bare.py", "", "symnn: undecided", str(BARE)),
        ("unusable.py", "", "symnn: unusable", FINDINGS[4].problem),
    ]
    shown = NASTY.replace("\x00", r"\x00").replace("\x1b", r"\x1b").replace("##[", "## [")
    assert read[5] == (shown, "", "symnn: unusable", shown)


def test_no_text_becomes_a_command_of_its_own():
    (line,) = to_github([Finding("\n::error::x.py", Verdict("equal", 1, "so\n::warning::so ##[error]"))]).splitlines()
    assert line == "equal: %0A::error::x.py: so%0A::warning::so ## [error]"


# The command

STATUS = {
    ("equal", "equal"): EQUAL,
    ("equal", "undecided"): UNDECIDED,
    ("undecided", "different", "equal"): DIFFERENT,
    ("unusable", "different", "undecided", "equal"): USAGE,
    ("different", "unusable"): USAGE,
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What comes of a file in each state: found out once, for starting a process takes a while."""
    paths = files(tmp_path_factory.mktemp("states"), *STATES)
    found = {state: checking.finding(path, checking.Request()) for path, state in zip(paths, STATES, strict=True)}
    assert {state: finding.state for state, finding in found.items()} == {state: state for state in STATES}
    return found


@pytest.fixture
def known(monkeypatch, checked):
    """Takes what comes of a file from its name."""

    def finding(file, request):
        return replace(checked[file.stem.partition("_")[2]], file=str(file))

    monkeypatch.setattr(checking, "finding", finding)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize(("states", "status"), STATUS.items(), ids=map("+".join, STATUS))
def test_the_status_is_that_of_the_worst_file_and_every_file_is_told(tmp_path, monkeypatch, form, states, status):
    paths = files(tmp_path, *states)
    done = here(monkeypatch, "verify", *paths, "--format", form)
    assert done.returncode == status, done
    assert all(str(path) in done.stdout for path in paths)
    assert done.stderr.count("error: ") == (form is Format.TEXT and states.count("unusable"))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("state", STATES)
def test_one_file_has_the_same_status_in_every_format(tmp_path, monkeypatch, form, state):
    done = here(monkeypatch, "verify", *files(tmp_path, state), "--format", form)
    assert done.returncode == {"equal": EQUAL, "different": DIFFERENT, "undecided": UNDECIDED, "unusable": USAGE}[state]


@pytest.mark.usefixtures("known")
def test_several_verdicts_stand_under_their_files_and_in_a_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files(tmp_path, *STATES)
    names = [f"{place}_{state}.py" for place, state in enumerate(STATES)]
    done = here(monkeypatch, "verify", *names)
    alone = [here(monkeypatch, "verify", name) for name in names]
    for name, one in zip(names[:3], alone[:3], strict=True):
        assert f"{name}\n{one.stdout}\n" in done.stdout
    assert done.stderr == alone[3].stderr
    *_, table = done.stdout.partition("file  ")
    lines = f"file  {table}".splitlines()
    assert [line.split()[:2] for line in lines[:5]] == [
        ["file", "verdict"],
        *([name, state] for name, state in zip(names, STATES, strict=True)),
    ]
    assert "differs at w[0]" in lines[2]
    assert lines[5:] == ["", "4 files: 1 equal, 1 different, 1 undecided, 1 unusable"]


def test_a_file_that_is_named_nowhere_else_is_named_with_its_problem(tmp_path, monkeypatch):
    paths = [target(tmp_path), target(tmp_path, "0.5, -1.5", "0.5, np.nan", name="nan.py")]
    assert f"error: {paths[1]}: w holds a value" in here(monkeypatch, "verify", *paths).stderr
    assert here(monkeypatch, "verify", paths[1]).stderr.startswith("error: w holds a value")


def test_json_of_the_command_is_that_of_its_verdicts(tmp_path, monkeypatch):
    paths = files(tmp_path, *STATES)
    rows = json.loads(here(monkeypatch, "verify", *paths, "--format", "json").stdout)
    assert [row["file"] for row in rows] == list(map(str, paths))
    assert [row["verdict"] for row in rows] == ["equal", "different", "undecided", None]
    check = rows[1]["checks"][0]
    assert (check["name"], check["shape"], check["entry"]) == ("w", [2], "w[0]")
    assert Decimal(check["yours"]) == -Decimal(check["exact"])
    assert "ZeroDivisionError" in rows[3]["error"]


@pytest.mark.parametrize("form", WRITERS)
def test_what_a_file_prints_stays_out_of_what_a_machine_reads(tmp_path, monkeypatch, form):
    path = target(tmp_path, "import numpy as np\n", "import numpy as np\nprint('::error::<mine>')\n")
    done = here(monkeypatch, "verify", path, "--format", form)
    assert done.returncode == EQUAL
    assert "mine>" not in done.stdout
    assert done.stderr == f"{path}: ::error::<mine>\n"


def test_an_unknown_format_is_wrong_usage(tmp_path, monkeypatch):
    done = here(monkeypatch, "verify", target(tmp_path), "--format", "yaml")
    assert done.returncode == USAGE
    assert "junit" in done.stderr


def test_a_path_that_cannot_be_looked_at_is_no_fault(tmp_path, monkeypatch):
    done = here(monkeypatch, "verify", f"{'x' * 5000}.py", target(tmp_path))
    assert done.returncode == USAGE
    assert "equal: certified" in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.usefixtures("known")
def test_a_full_disk_is_no_verdict_in_any_format(tmp_path, monkeypatch, form):
    (path,) = files(tmp_path, "equal")
    said = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["symnn", "verify", "--format", form, str(path)])
    full = open("/dev/full", "w", encoding="utf-8")  # noqa: SIM115 -- closing it fails
    with contextlib.redirect_stdout(full), contextlib.redirect_stderr(said), pytest.raises(SystemExit) as left:
        main()
    with contextlib.suppress(OSError):
        full.close()
    assert left.value.code not in {EQUAL, DIFFERENT, UNDECIDED}
    assert "Traceback" not in said.getvalue()
    assert "cannot write" in said.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_text_for_a_machine_fits_every_encoding(monkeypatch, encoding):
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    write("✗ \ud800")
    shown = {"utf-8": "✗"}.get(encoding, "\\u2717")
    assert screen.buffer.getvalue().decode(encoding).rstrip() == f"{shown} \\ud800"


# Neighbours

FROM_HELPER = "import numpy as np\nfrom helper import FACTOR\n"


def beside(folder, name, factor):
    """A file that is right, but for a factor that it imports from beside it."""
    home = folder / name
    home.mkdir()
    (home / "helper.py").write_text(f"FACTOR = {factor}\n", encoding="utf-8")
    text = RIGHT.replace("import numpy as np\n", FROM_HELPER).replace(
        GRADIENT, GRADIENT.replace("(1 -", "FACTOR * (1 -")
    )
    (home / "mine.py").write_text(text, encoding="utf-8")
    return home / "mine.py"


def test_files_of_one_name_import_what_lies_beside_each(tmp_path, monkeypatch):
    right, wrong = beside(tmp_path, "right", 1), beside(tmp_path, "wrong", -1)
    for paths in ([right, wrong], [wrong, right]):
        rows = json.loads(here(monkeypatch, "verify", *paths, "--format", "json").stdout)
        assert [row["verdict"] for row in rows] == ["equal" if path is right else "different" for path in paths]


def test_a_neighbour_cannot_import_what_lies_beside_another(tmp_path, monkeypatch):
    first, second = beside(tmp_path, "first", 1), beside(tmp_path, "second", 1)
    (second.parent / "helper.py").unlink()
    done = here(monkeypatch, "verify", first, second)
    assert done.returncode == USAGE
    assert "ModuleNotFoundError" in done.stderr


# What a file may change as it runs: the statement, and what would show it.
CHANGES = {
    "the path": ("import sys; sys.path.append('elsewhere'); sys.path = list(sys.path)", lambda: list(sys.path)),
    "a module taken away": ("import sys; sys.modules['json'] = None", lambda: sys.modules["json"]),
    "the working directory": ("import os; os.chdir(os.path.dirname(__file__))", os.getcwd),
    "NumPy's warnings": ("np.seterr(all='raise')", np.geterr),
    "the warnings": ("import warnings; warnings.simplefilter('once')", lambda: list(warnings.filters)),
    "the environment": ("import os; os.environ['SYMNN_MINE'] = 'yes'", lambda: os.environ.get("SYMNN_MINE")),
    "the random numbers": ("np.random.seed(1)", lambda: np.random.get_state()[1].tolist()),
}


@pytest.mark.parametrize(("statement", "seen"), CHANGES.values(), ids=CHANGES)
def test_what_a_file_changes_does_not_reach_this_process(tmp_path, statement, seen):
    path = target(tmp_path, "import numpy as np\n", f"import numpy as np\n{statement}\n")
    before, modules = seen(), set(sys.modules)
    with opened(child_of(path, Limits())) as found:
        assert found.loss(*found.arguments) == np.tanh(1.0) - np.tanh(1.5)
    assert seen() == before
    assert {name for name in set(sys.modules) - modules if "mine" in name} == set()


def test_a_relative_name_is_found_after_a_file_went_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "away").mkdir()
    target(tmp_path, "import numpy as np\n", "import numpy as np\nimport os\nos.chdir('away')\n", name="first.py")
    target(tmp_path, name="second.py")
    monkeypatch.chdir(tmp_path)
    assert here(monkeypatch, "verify", "first.py", "second.py").returncode == EQUAL
    assert Path.cwd() == tmp_path


def failing_at(name):
    """A stand-in for `verify` that fails over the file whose gradient it is given as ``name``."""
    original = checking.verify

    def verify(loss, grad, params, *data, **options):
        if name in params:
            raise TypeError("a fault\nof ours")
        return original(loss, grad, params, *data, **options)

    return verify


@pytest.mark.parametrize("form", Format)
def test_a_fault_of_symnn_over_one_file_leaves_the_others_told(tmp_path, monkeypatch, form):
    paths = [target(tmp_path), target(tmp_path, name="crash.py"), target(tmp_path, name="last.py")]
    paths[1].write_text(RIGHT.replace('"w"', '"fault"'), encoding="utf-8")
    monkeypatch.setattr(checking, "verify", failing_at("fault"))
    done = here(monkeypatch, "verify", *paths, "--format", form)
    assert done.returncode == FAULT
    assert all(str(path) in done.stdout for path in paths)
    assert "a fault of symnn, please report it: TypeError: a fault" in done.stdout + done.stderr
    if form is Format.JSON:
        assert [row["verdict"] for row in json.loads(done.stdout)] == ["equal", None, "equal"]
