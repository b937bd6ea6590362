"""Files that do what no file should: each gets a clear verdict in bounded time, and its neighbours are unharmed."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.cli.test_cli import GRADIENT, RIGHT

SECONDS = 8
CALL = SECONDS / 4

LOSS = 'return np.sum(np.tanh(params["w"] * x))'
IMPORT = "import numpy as np\n"

# One file loops without rest; the others leave the processor to the tests beside.
NEVER_DONE = "import time", "while True: time.sleep(0.01)"


def in_grad(*statements):
    return GRADIENT, "\n    ".join([*statements, GRADIENT])


def in_loss(*statements):
    return LOSS, "\n    ".join([*statements, LOSS])


def at_import(*statements):
    return IMPORT, IMPORT + "".join(f"{statement}\n" for statement in statements)


# By what the file does: what is replaced by what in the right one, the verdict (None: unusable), and what is said.
HOSTILE = {
    "loops in grad": (*in_grad("while True: pass"), "undecided", f"grad ran longer than {CALL:g} s"),
    "loops in loss": (*in_loss(*NEVER_DONE), "undecided", f"loss ran longer than {CALL:g} s"),
    "loops on import": (*at_import(*NEVER_DONE), "undecided", f"the import ran longer than {CALL:g} s"),
    "sleeps on import": (
        *at_import("import time", "time.sleep(1000)"),
        "undecided",
        f"the import ran longer than {CALL:g} s",
    ),
    "takes long in all": (
        *in_loss("import time", "time.sleep(1.7)"),
        "undecided",
        f"the calls took longer than {SECONDS} s in all",
    ),
    "loops and hears no signal": (
        *in_grad(
            "import signal", "for s in signal.valid_signals() - {9, 19}: signal.signal(s, lambda *a: 0)", *NEVER_DONE
        ),
        "undecided",
        f"grad ran longer than {CALL:g} s",
    ),
    "catches everything and loops": (
        *in_grad(
            "import time",
            "while True:",
            "    try: time.sleep(0.01); raise KeyboardInterrupt",
            "    except BaseException: pass",
        ),
        "undecided",
        f"grad ran longer than {CALL:g} s",
    ),
    "allocates at once": (*in_grad("a = b'x' * 10**12"), "undecided", "grad asked for more than 1 GB of memory"),
    "allocates an array": (*in_grad("a = np.ones(10**11)"), "undecided", "grad asked for more than 1 GB of memory"),
    "allocates bit by bit": (
        *in_loss("a = []", "while True: a.append(bytearray(10**8))"),
        "undecided",
        "loss asked for more than 1 GB of memory",
    ),
    "allocates on import": (
        *at_import("a = [bytearray(10**8) for _ in range(10**4)]"),
        "undecided",
        "the import asked for more than 1 GB of memory",
    ),
    "returns a huge array": (
        GRADIENT,
        'return {"w": np.zeros((10**4, 10**4), dtype="i2")}',
        "undecided",
        "an array of 200 MB is larger than",
    ),
    "returns a deep list": (
        GRADIENT,
        "deep = []\n    for _ in range(10**5): deep = [deep]\n    return deep",
        "undecided",
        "RecursionError",
    ),
    "returns itself": (GRADIENT, "own = []\n    own.append(own)\n    return own", "undecided", "RecursionError"),
    "raises": (*in_grad("raise ZeroDivisionError('by zero')"), "undecided", "grad raised ZeroDivisionError: by zero"),
    "raises what nobody catches": (
        *in_grad("raise KeyboardInterrupt('no')"),
        "undecided",
        "grad raised KeyboardInterrupt: no",
    ),
    "calls sys.exit": (*in_grad("import sys; sys.exit(0)"), "undecided", "grad raised SystemExit: 0"),
    "calls os._exit": (*in_grad("import os; os._exit(0)"), "undecided", "grad ended the process with status 0"),
    "ends on import": (*at_import("import os; os._exit(3)"), "undecided", "the import ended the process with status 3"),
    "crashes": (
        *in_grad("import ctypes; ctypes.string_at(0)"),
        "undecided",
        "grad crashed the process (SIGSEGV)",
    ),
    "kills itself": (*in_grad("import os; os.kill(os.getpid(), 9)"), "undecided", "grad was killed (SIGKILL)"),
    "recurses": (*in_grad("def f(): return f()", "f()"), "undecided", "grad raised RecursionError"),
    "replaces exp on import": (*at_import("np.exp = np.sin"), "undecided", "the file replaces numpy.exp"),
    "replaces exp in grad": (*in_grad("np.exp = np.sin"), "undecided", "the file replaces numpy.exp"),
    "replaces a function of math": (*at_import("import math; math.tanh = abs"), "undecided", "replaces math.tanh"),
    "replaces a builtin": (*at_import("import builtins; builtins.len = abs"), "undecided", "replaces builtins.len"),
    "takes a function away": (*in_grad("del np.linalg.norm"), "undecided", "replaces numpy.linalg.norm"),
    "prints without end": (
        *in_grad("while True: print('x' * 10**6)"),
        "undecided",
        f"grad ran longer than {CALL:g} s",
    ),
    "forgets all modules": (*in_grad("import sys; sys.modules.clear()"), "undecided", " raised "),
    "writes into every pipe": (
        *in_grad(
            "import os",
            "for pipe in range(3, 20):",
            "    try: os.write(pipe, b'garbage! ' * 9)",
            "    except OSError: pass",
        ),
        "undecided",
        "grad",
    ),
    "closes every pipe": (*in_grad("import os; os.closerange(0, 20)"), "undecided", "grad"),
    "returns text": (GRADIENT, 'return {"w": "abc"}', None, "the gradient of w is no array of numbers: 'abc'"),
    "returns an object": (GRADIENT, 'return {"w": object()}', None, "the gradient of w is no array of numbers"),
    "returns nothing": (GRADIENT, "return None", None, "grad returned None"),
    "raises on import": (*at_import("1 // 0"), None, "ZeroDivisionError"),
    "exits on import": (*at_import("import sys; sys.exit(0)"), None, "SystemExit: 0"),
    "leaves processes behind": (
        *in_grad(
            "import subprocess, sys",
            "subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(999)'])",
            "1 // 0",
        ),
        "undecided",
        "ZeroDivisionError",
    ),
    "forks": (
        *in_grad("import os, time", "if not os.fork():", "    time.sleep(999)", "1 // 0"),
        "undecided",
        "ZeroDivisionError",
    ),
}

# What a file may do, and is equal all the same.
HARMLESS = {
    "prints a lot": in_grad("print('x' * 10**6)"),
    "prints what is no text": in_grad("import os; os.write(1, bytes(range(256)))"),
    "closes its output": in_grad("import sys; sys.stdout.close(); sys.stderr.close()"),
    "reads what is not there": in_grad("import sys; assert sys.stdin.read() == ''"),
    "adds a name": at_import("np.float = float"),
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What one run of the command line says of all files, the right one between any two of them."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = {name: RIGHT.replace(*row[:2]) for name, row in {**HOSTILE, **HARMLESS}.items()}
    files = {}
    for name, text in texts.items():
        assert text != RIGHT
        files[name] = folder / f"{name.replace(' ', '_').replace('.', '_')}.py"
        files[name].write_text(text, encoding="utf-8")
    right = folder / "right.py"
    right.write_text(RIGHT, encoding="utf-8")
    order = [
        file
        for place, hostile in enumerate(files.values())
        for file in ([hostile, right] if place % 5 == 0 else [hostile])
    ]
    options = ["--format", "json", "--jobs", "5", "--timeout", str(SECONDS), "--memory", "1"]
    done = subprocess.run(  # noqa: S603 -- the command line under test
        [sys.executable, "-m", "symnn", "verify", *map(str, order), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=400,
        check=False,
    )
    rows = json.loads(done.stdout)
    assert [row["file"] for row in rows] == list(map(str, order))
    found = {row["file"]: row for row in rows}
    neighbours = [row for row in rows if row["file"] == str(right)]
    return done, neighbours, {name: found[str(file)] for name, file in files.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_clear_verdict(checked, name):
    *_, verdict, said = HOSTILE[name]
    row = checked[2][name]
    assert row["verdict"] == verdict, row
    # On a busy machine the clock may run out before the memory does: that is told as clearly, and bounded as well.
    accepted = (said, "ran longer than") if "of memory" in said else (said,)
    reasons = [*row["reasons"], row["error"]]
    assert any(one in reason for one in accepted for reason in reasons), row


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_no_harm_is_equal(checked, name):
    row = checked[2][name]
    assert row["verdict"] == "equal", row


def test_neighbours_of_hostile_files_are_equal(checked):
    neighbours = checked[1]
    assert len(neighbours) > 5
    assert {json.dumps(row) for row in neighbours} == {json.dumps(neighbours[0])}
    assert neighbours[0]["verdict"] == "equal"


def test_no_hostile_file_is_a_fault_of_ours(checked):
    done = checked[0]
    assert done.returncode == 2
    assert "fault" not in done.stdout
    assert "Traceback" not in done.stderr


def test_of_much_that_is_printed_the_beginning_is_shown(checked):
    said = checked[0].stderr
    assert re.search(r"prints_a_lot.py: \(printed \d+\.\d MB, the first 2 kB shown\)", said)
    assert len(said) < 100_000
