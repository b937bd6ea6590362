"""The command line says what happened in words and in its status, and never shows a traceback."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version

import pytest

from symnn.cli import checking, main, screen
from symnn.library import check, load, names
from tests.report.pages import Page

EQUAL, DIFFERENT, USAGE, UNDECIDED, FAULT = 0, 1, 2, 3, 70
# Not by its name in symnn.cli, which is the application's.
COMMANDS = importlib.import_module("symnn.cli.app")


def run(*arguments, cwd=None, **environment):
    """Run the command line as a program of its own, in a narrow pipe, and return what came of it."""
    done = subprocess.run(  # noqa: S603 -- the command line under test
        [sys.executable, "-m", "symnn", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "40", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return clean(done)


def here(monkeypatch, *arguments, columns=200):
    """Do the same in this process, which is faster: importing everything takes a second."""
    screens, path = (io.StringIO(), io.StringIO()), list(sys.path)
    monkeypatch.setattr(sys, "argv", ["symnn", *map(str, arguments)])
    monkeypatch.setattr(screen.out, "_color_system", None)
    monkeypatch.setattr(screen.err, "_color_system", None)
    monkeypatch.setenv("COLUMNS", str(columns))
    with contextlib.redirect_stdout(screens[0]), contextlib.redirect_stderr(screens[1]):
        try:
            main()
            status = 0
        except SystemExit as left:
            status = left.code
        finally:
            sys.path[:] = path
    return clean(subprocess.CompletedProcess(arguments, status, *(one.getvalue() for one in screens)))


def clean(done):
    assert "Traceback" not in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    return done


RIGHT = """
import numpy as np


def loss(params, x):
    return np.sum(np.tanh(params["w"] * x))


def grad(params, x):
    return {"w": (1 - np.tanh(params["w"] * x) ** 2) * x}


def example():
    return {"w": np.array([0.5, -1.5])}, np.array([2.0, 1.0])
"""
GRADIENT = 'return {"w": (1 - np.tanh(params["w"] * x) ** 2) * x}'
# Right in float64, and nothing that certified numbers can be given to.
LEAVING = GRADIENT.replace("x}", '(1 + 0 * np.spacing(params["w"])) * x}')
EXAMPLE = 'return {"w": np.array([0.5, -1.5])}, np.array([2.0, 1.0])'

# By what the file does: what is replaced by what in the right one, the status, and what is said.
FILES = {
    "right": ("", "", EQUAL, "equal: certified to 99 digits at 2 points"),
    "wrong sign": (GRADIENT, GRADIENT.replace("(1 -", "-(1 -"), DIFFERENT, "yours = -1 × exact"),
    "wrong by very little": (GRADIENT, GRADIENT.replace("** 2)", "** 2 + 1e-30)"), DIFFERENT, "differs at w["),
    "wrong shape": (GRADIENT, 'return {"w": np.ones(3)}', DIFFERENT, "the shape is wrong: yours (3,)  expected (2,)"),
    "data of zeros": ("[2.0, 1.0]", "[0.0, 0.0]", UNDECIDED, "zero at every point"),
    "grad that raises": (GRADIENT, "raise RuntimeError('not yet')", UNDECIDED, "RuntimeError: not yet"),
    "grad that exits": (GRADIENT, "raise SystemExit(0)", UNDECIDED, "SystemExit: 0"),
    "loss that raises": ("np.tanh(params", "np.tanh(parms", UNDECIDED, "loss raised NameError"),
    "loss of other arguments": ("def loss(params, x)", "def loss(params)", UNDECIDED, "loss raised TypeError"),
    "grad that leaves NumPy": (GRADIENT, LEAVING, UNDECIDED, "np.spacing cannot run"),
}
UNUSABLE = {
    "a syntax error": ("return {", "return {{", "cannot be run: SyntaxError"),
    "an import that fails": ("import numpy", "import nothing_of_the_kind\nimport numpy", "ModuleNotFoundError"),
    "an error on import": (
        "import numpy",
        "1 // 0\nimport numpy",
        "ZeroDivisionError: integer division or modulo by zero",
    ),
    "an exit on import": ("import numpy", "import sys; sys.exit(0)\nimport numpy", "cannot be run: SystemExit: 0"),
    "endless recursion": ("import numpy", "def f(): f()\nf()\nimport numpy", "RecursionError"),
    "null bytes": ("import numpy", "\0", "cannot be run: "),
    "no loss": ("def loss", "def price", "has no function loss"),
    "no grad and no loss": ("grad(", "direction(", "has no function grad"),
    "no example": ("def example", "def sample", "has no function example"),
    "a loss that is a number": ("def example", "loss = 3\n\n\ndef example", "has no function loss"),
    "example of another type": (EXAMPLE, "return 3", "returned int, not (params, *data)"),
    "example without parameters": (EXAMPLE, "return ()", "returned tuple, not (params, *data)"),
    "example of a dictionary": (EXAMPLE, 'return {"w": np.ones(2)}', "returned dict, not (params, *data)"),
    "example that raises": (EXAMPLE, "return 1 // 0", "example() of"),
    "example with arguments": ("def example()", "def example(seed)", "cannot be run: TypeError"),
    "parameters that are no numbers": (EXAMPLE, 'return {"w": "abc"}, np.ones(2)', "w is no array of real numbers"),
    "no parameters": (EXAMPLE, "return {}, np.ones(2)", "there are no parameters"),
    "a parameter that is not a number": ("0.5, -1.5", "0.5, np.nan", "w holds a value that is not finite"),
    "a parameter without end": ("0.5, -1.5", "np.inf, 1", "w holds a value that is not finite"),
    "data that are not a number": ("[2.0, 1.0]", "[2.0, np.nan]", "data[0] holds a value that is not finite"),
    "a gradient too few": (GRADIENT, "return {}", "missing   w"),
    "a gradient too many": (GRADIENT, 'return {"w": x, "v": x}', "extra     v"),
    "nothing returned": (GRADIENT, "return None", "grad returned None: it must return one array per parameter"),
    "a gradient that is text": (GRADIENT, 'return {"w": "abc"}', "the gradient of w is no array of numbers"),
    "a loss that is an array": ("np.sum(np.tanh(params[", "(np.tanh(params[", "loss must return one number"),
}


def target(folder, old="", new="", name="mine.py"):
    assert old in RIGHT
    path = folder / name
    path.write_text(RIGHT.replace(old, new) if old else RIGHT, encoding="utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "status", "said"), FILES.values(), ids=FILES)
def test_verify_says_its_verdict_and_returns_its_status(tmp_path, monkeypatch, old, new, status, said):
    done = here(monkeypatch, "verify", target(tmp_path, old, new))
    assert done.returncode == status, done
    assert said in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(("old", "new", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_verify_refuses_what_it_cannot_use_on_standard_error(tmp_path, monkeypatch, old, new, said):
    done = here(monkeypatch, "verify", target(tmp_path, old, new))
    assert done.returncode == USAGE, done
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert said in done.stderr


def test_where_the_code_raised_is_named(tmp_path, monkeypatch):
    path = target(tmp_path, GRADIENT, "raise RuntimeError('not yet')")
    line = path.read_text(encoding="utf-8").splitlines().index("    raise RuntimeError('not yet')") + 1
    assert f"mine.py:{line}, in grad" in here(monkeypatch, "verify", path).stdout
    path = target(tmp_path, EXAMPLE, "return 1 // 0")
    line = path.read_text(encoding="utf-8").splitlines().index("    return 1 // 0") + 1
    assert f"at line {line}, in example" in here(monkeypatch, "verify", path).stderr


def no_file(folder):
    return folder / "none.py"


def a_folder(folder):
    (folder / "folder.py").mkdir()
    return folder / "folder.py"


def text(folder):
    (folder / "notes.txt").write_text(RIGHT, encoding="utf-8")
    return folder / "notes.txt"


NO_PYTHON = {
    "no file": (no_file, "is no file"),
    "a folder": (a_folder, "is no file"),
    "text": (text, "is no Python file"),
}


@pytest.mark.parametrize(("made", "said"), NO_PYTHON.values(), ids=NO_PYTHON)
def test_verify_takes_python_files_only(tmp_path, monkeypatch, made, said):
    done = here(monkeypatch, "verify", made(tmp_path))
    assert done.returncode == USAGE
    assert said in done.stderr


def test_a_file_may_import_what_lies_beside_it(tmp_path, monkeypatch):
    target(tmp_path, name="beside.py")
    (tmp_path / "mine.py").write_text("from beside import example, grad, loss\n", encoding="utf-8")
    assert here(monkeypatch, "verify", tmp_path / "mine.py").returncode == EQUAL


def test_the_same_seed_prints_the_same_and_points_are_counted(tmp_path, monkeypatch):
    path = target(tmp_path)
    one = here(monkeypatch, "verify", path, "--points", 3, "--seed", 5)
    assert one.stdout == run("verify", path, "--points", 3, "--seed", 5).stdout
    assert "at 3 points (333-bit balls, seed 5)" in one.stdout


def test_a_crash_of_symnn_is_no_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "verify", 0)
    done = here(monkeypatch, "verify", target(tmp_path))
    assert done.returncode == FAULT
    assert "a fault of symnn, please report it: TypeError" in done.stderr


# The derivations


@pytest.fixture
def known(monkeypatch):
    """What is found of one derivation, for all of them: each is checked in tests/derivations."""
    found = check(load("linear-neuron"))
    assert found.state == "verified"
    monkeypatch.setattr(COMMANDS, "check", lambda example: found)


def test_list_checks_each_derivation_and_its_status_is_that_of_the_worst(monkeypatch):
    monkeypatch.setattr(COMMANDS, "names", lambda: ("linear-neuron", "mean-squared-error"))
    done = here(monkeypatch, "list", "--json")
    assert [row["state"] for row in json.loads(done.stdout)] == ["verified", "verified"]
    assert done.returncode == EQUAL
    example = load("linear-neuron")
    wrong = replace(example, grad=lambda *given: {name: 2 * value for name, value in example.grad(*given).items()})
    monkeypatch.setattr(COMMANDS, "load", lambda name: wrong if name == "linear-neuron" else load(name))
    done = here(monkeypatch, "list", "--json")
    assert [row["state"] for row in json.loads(done.stdout)] == ["hand-written gradient different", "verified"]
    assert done.returncode == DIFFERENT


@pytest.mark.usefixtures("known")
def test_list_is_a_line_for_each_derivation(monkeypatch):
    done = here(monkeypatch, "list")
    assert done.returncode == EQUAL
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["name", "systems", "state", "title"]
    assert [line.split()[0] for line in lines[1:]] == list(names())
    assert all("verified" in line and line.endswith(load(line.split()[0]).title) for line in lines[1:])


@pytest.mark.usefixtures("known")
def test_list_as_json_holds_the_same(monkeypatch):
    rows = json.loads(here(monkeypatch, "list", "--json").stdout)
    assert [row["name"] for row in rows] == list(names())
    for row in rows:
        assert list(row) == ["name", "title", "systems", "state"]
        assert row["title"] == load(row["name"]).title
        assert tuple(row["systems"]) == load(row["name"]).systems
        assert row["state"] == "verified"


def test_derive_prints_equations_steps_and_kernel_on_whole_lines(monkeypatch):
    printed = here(monkeypatch, "derive", "or-gate", columns=40).stdout
    derivation = load("or-gate").derivation
    for equation in (*derivation.program.equations, *(step.result for step in derivation.steps)):
        assert f"  {equation}\n" in printed
    assert "through A1: upstream dA1[j, i], local " in printed
    assert printed.endswith(derivation.compile().source.rstrip() + "\n")


NET = """
inputs = 2
loss = "half-squared-error"

[[layers]]
units = 3
activation = "relu"

[[layers]]
units = 1
"""


def test_derive_takes_a_network_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "net.toml").write_text(NET, encoding="utf-8")
    done = here(monkeypatch, "derive", tmp_path / "net.toml")
    assert done.returncode == EQUAL
    assert "def kernel(params, X, Y):" in done.stdout


def test_deriving_what_has_no_useful_gradient_is_refused_with_the_reason_of_its_row(tmp_path, monkeypatch):
    net = NET.replace("units = 1", 'units = 1\nactivation = "sign"')
    loss = next(line for line in NET.splitlines() if line.startswith("loss"))
    (tmp_path / "net.toml").write_text(net.replace(loss, 'loss = "zero-one"'), encoding="utf-8")
    done = here(monkeypatch, "derive", tmp_path / "net.toml")
    assert done.returncode == USAGE
    assert done.stdout == ""
    assert "there is no useful gradient with respect to A2" in done.stderr
    assert "zero-one: it counts mistakes" in done.stderr


BAD_NETS = {
    "a key misspelt": ("inputs =", "input =", "unknown key 'input': did you mean 'inputs'"),
    "a key of a layer misspelt": (
        "activation",
        "activaton",
        "layer 1: unknown key 'activaton'",
    ),
    "an unknown activation": ('"relu"', '"rellu"', "unknown activation 'rellu': did you mean 'relu'"),
    "no TOML": ("inputs = 2", "inputs: 2", "is not TOML"),
    "a width of zero": ("units = 3", "units = 0", "units must be a positive integer"),
}


@pytest.mark.parametrize(("old", "new", "said"), BAD_NETS.values(), ids=BAD_NETS)
def test_a_bad_network_is_refused_by_file_and_key(tmp_path, monkeypatch, old, new, said):
    assert old in NET
    (tmp_path / "net.toml").write_text(NET.replace(old, new), encoding="utf-8")
    done = here(monkeypatch, "derive", tmp_path / "net.toml")
    assert done.returncode == USAGE
    assert done.stdout == ""
    assert "net.toml" in done.stderr
    assert said in done.stderr


REFUSED = {
    "an unknown command": (["verfy"], "verfy"),
    "no command": ([], None),
    "an unknown option": (["list", "--jsn"], "--json"),
    "an unknown derivation": (["derive", "or-gat"], "did you mean 'or-gate'"),
    "an unknown derivation to report": (["report", "or-gat", "--out", "x"], "did you mean 'or-gate'"),
    "a network that is not there": (["derive", "none.toml"], "cannot read none.toml: No such file"),
    "an unknown style": (["report", "or-gate", "--out", "x", "--style", "scalr"], "did you mean 'scalar'"),
    "an unknown notation": (["report", "or-gate", "--out", "x", "--notation", "w-ij"], "did you mean 'w-ij-k'"),
    "no folder to report into": (["report", "or-gate"], "--out"),
    "no points": (["verify", "x.py", "--points", "0"], "--points"),
    "a negative seed": (["verify", "x.py", "--seed", "-1"], "--seed"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_wrong_usage_has_a_status_of_its_own(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    done = here(monkeypatch, *arguments)
    assert done.returncode == USAGE
    if said is not None:
        assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_that_of_the_package(monkeypatch):
    assert here(monkeypatch, "--version").stdout == f"symnn {version('symnn')}\n"


# A program of its own, since in this one another test may have drawn.
DRAWING_NOTHING = """
import sys
from symnn.cli import main
sys.modules["symnn.cli.app"].names = lambda: ("linear-neuron",)
for line in sys.argv[1:]:
    sys.argv[1:] = line.split()
    try:
        main()
    except SystemExit as left:
        assert not left.code, line
    assert "matplotlib" not in sys.modules, line
"""


def test_what_draws_nothing_does_without_matplotlib(tmp_path):
    commands = "--version", "list", f"verify {target(tmp_path).name}", "report or-gate --out . --no-pdf"
    done = subprocess.run(  # noqa: S603 -- the command line under test
        [sys.executable, "-c", DRAWING_NOTHING, *commands], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done


# What is written


@pytest.mark.parametrize(
    "command", [["report", "or-gate", "--no-pdf", "--out"], ["demo", "--out"]], ids=["report", "demo"]
)
def test_a_report_is_written_where_it_is_told(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    done = here(monkeypatch, *command, "deep/folder")
    assert done.returncode == EQUAL, done
    written = tmp_path / "deep" / "folder"
    assert sorted(path.name for path in written.iterdir()) == ["or-gate.html", "or-gate.tex"]
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    assert "deep/folder/or-gate.html" in done.stdout
    assert Page((written / "or-gate.html").read_text(encoding="utf-8")).faults == []


def test_a_report_is_told_in_the_style_and_the_notation_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = here(monkeypatch, "report", "or-gate", "--out", "x", "--style", "chain", "--notation", "w-ij-k", "--no-pdf")
    assert done.returncode == EQUAL, done
    text = (tmp_path / "x" / "or-gate.tex").read_text(encoding="utf-8")
    assert r"\frac{\partial L}{\partial w^{1}_{11}}" in text
    assert r"\underbrace" not in text


def test_the_demo_writes_beside_itself_when_not_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = here(monkeypatch, "demo")
    assert done.returncode == EQUAL
    assert [path.name for path in tmp_path.iterdir()] == ["symnn-demo"]
    assert "equal: certified to" in done.stdout
    assert "def kernel(" in done.stdout


@pytest.mark.parametrize("command", [["report", "or-gate", "--out"], ["demo", "--out"]], ids=["report", "demo"])
@pytest.mark.parametrize("where", ["taken", "taken/below"])
def test_a_folder_that_cannot_be_is_refused_and_nothing_is_left(tmp_path, monkeypatch, command, where):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = here(monkeypatch, *command, where)
    assert done.returncode == USAGE
    assert f"error: cannot write to {(tmp_path / where).resolve()}" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_the_right_to_write_is_refused(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir(mode=0o500)
    monkeypatch.chdir(tmp_path)
    done = here(monkeypatch, "report", "or-gate", "--out", "closed")
    assert done.returncode == USAGE
    assert "Permission denied" in done.stderr
    assert list((tmp_path / "closed").iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_disk_is_no_verdict(tmp_path):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(  # noqa: S603 -- the command line under test
            [sys.executable, "-m", "symnn", "verify", str(target(tmp_path))],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == USAGE
    assert "Traceback" not in done.stderr
    assert "cannot write" in done.stderr
