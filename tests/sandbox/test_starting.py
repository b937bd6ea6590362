"""A child that is forked off the template is as good as one that is started anew, and none harms the next."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from symnn.sandbox import Limits, StoppedError, child_of, opened, starting
from symnn.sandbox.process import Child
from tests.cli.test_cli import GRADIENT, RIGHT, target

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked off a template on Linux only")


def said_by_grad(path, expression, before="pass"):
    """What a child says when grad returns an expression."""
    path.write_text(RIGHT.replace(GRADIENT, f"import os, sys\n    {before}\n    return {expression}"), encoding="utf-8")
    with opened(child_of(path, Limits())) as found:
        return found.grad(*found.arguments)


# What a file may ask about the process that it runs in.
QUESTIONS = {
    "environment": "dict(os.environ)",
    "arguments": "sys.argv",
    "path": "sys.path",
    "flags": "list(map(int, [sys.flags.no_user_site, sys.flags.safe_path, sys.flags.utf8_mode]))",
    "hashes": "hash('seeded')",
    "directory": "os.getcwd()",
    "leader": "os.getsid(0) == os.getpgrp() == os.getpid()",
    "descriptors": "len(os.listdir('/proc/self/fd'))",
    "random numbers": "float(np.random.rand())",
    "limits": "list(__import__('resource').getrlimit(9))",
    "signals": "__import__('signal').getsignal(17).value",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a file finds that was forked off, and one for which no template answers."""
    path = tmp_path_factory.mktemp("asked") / "mine.py"
    asked = "{" + ", ".join(f"{name!r}: {expression}" for name, expression in QUESTIONS.items()) + "}"
    templates = "open(f'/proc/{os.getppid()}/cmdline').read().count('sandbox.template')"
    forked, was_forked = said_by_grad(path, f"{asked}, {templates}")

    def broken():
        raise OSError("no template")

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(starting, "_template", broken)
        anew, was_anew = said_by_grad(path, f"{asked}, {templates}")
    # A path that is too long to be asked for.
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(starting, "LONGEST_ASKED", 10)
        _, of_long_path = said_by_grad(path, f"{asked}, {templates}")
    assert (was_forked, was_anew, of_long_path) == (1, 0, 0)
    return forked, anew


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_file_finds_the_same_around_it_however_its_process_began(answers, question):
    forked, anew = answers
    assert forked[question] == anew[question]


def test_children_of_one_template_are_siblings_and_see_the_directory_of_now(tmp_path, monkeypatch):
    path, keepers = tmp_path / "mine.py", "open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()[1]"
    first = said_by_grad(path, f"[os.getpid(), {keepers}]")
    monkeypatch.chdir(tmp_path)
    second = said_by_grad(path, f"[os.getpid(), {keepers}]")
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert said_by_grad(path, "os.getcwd()") == str(tmp_path)


def test_the_status_of_a_child_that_could_not_begin_is_no_number_of_a_process(tmp_path, monkeypatch):
    said_by_grad(tmp_path / "mine.py", "1")
    (template,) = starting._TEMPLATES
    with monkeypatch.context() as changed:
        changed.setattr(starting, "_path", lambda: "no JSON")
        with pytest.raises(BrokenPipeError):
            template.forked()
    assert said_by_grad(tmp_path / "mine.py", "1") == 1


def test_a_file_finds_modules_on_the_path_of_now(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "only_here.py").write_text("FOUND = 1.5", encoding="utf-8")
    said_by_grad(tmp_path / "mine.py", "1")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    assert said_by_grad(tmp_path / "mine.py", "only_here.FOUND", "import only_here") == 1.5


def test_what_a_file_changes_is_not_seen_by_the_next(tmp_path):
    path = tmp_path / "mine.py"
    said_by_grad(path, "1", "sys.mine = 1; os.environ['MINE'] = '1'; sys.path.append('/mine')")
    assert said_by_grad(path, "[hasattr(sys, 'mine'), 'MINE' in os.environ, '/mine' in sys.path]") == [False] * 3


def test_another_environment_has_a_template_of_its_own(tmp_path, monkeypatch):
    path = tmp_path / "mine.py"
    said_by_grad(path, "1")
    (before,) = starting._TEMPLATES
    monkeypatch.setenv("TZ", "UTC7")
    assert said_by_grad(path, "os.environ['TZ']") == "UTC7"
    (after,) = starting._TEMPLATES
    assert after is not before
    assert before._process.returncode is not None


# Whom a file may kill: its keeper, and what its keeper was forked off. Nothing is killed that is neither.
KILL = """
    def is_template(pid):
        with open(f"/proc/{pid}/cmdline") as line:
            return "sandbox.template" in line.read()
    keeper = os.getppid()
    with open(f"/proc/{keeper}/stat") as stat:
        template = int(stat.read().rpartition(")")[2].split()[1])
    assert is_template(keeper) and is_template(template)
    os.kill(WHOM, 9)
"""
KILLED = {f"the {whom}": KILL.strip().replace("WHOM", whom) for whom in ("keeper", "template")}


@pytest.mark.parametrize("statement", KILLED.values(), ids=KILLED)
def test_a_file_that_kills_what_it_was_forked_off_harms_no_other(tmp_path, statement):
    with opened(child_of(target(tmp_path), Limits())) as neighbour:
        assert said_by_grad(tmp_path / "hostile.py", "1", statement) == 1
        assert said_by_grad(tmp_path / "after.py", "2") == 2
        assert set(neighbour.grad(*neighbour.arguments)) == {"w"}


def test_how_a_child_ended_is_told_without_its_keeper_as_well(tmp_path):
    path = target(tmp_path, GRADIENT, f"import os\n    {KILLED['the keeper']}\n    os._exit(3)")
    with opened(child_of(path, Limits())) as found, pytest.raises(StoppedError, match=r"grad was killed \(SIGKILL\)"):
        found.grad(*found.arguments)


def test_children_may_be_started_from_several_threads(tmp_path):
    path, said = target(tmp_path), []

    def check():
        with opened(child_of(path, Limits())) as found:
            said.append(sorted(found.grad(*found.arguments)))

    threads = [threading.Thread(target=check) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [["w"]] * 3


def test_nothing_stays_open_behind_a_child(tmp_path):
    path = target(tmp_path)
    with Child(path, Limits()):
        pass
    before = sorted(os.listdir("/proc/self/fd"))
    with Child(path, Limits()) as child:
        pid = child._process.pid
    assert sorted(os.listdir("/proc/self/fd")) == before
    for _ in range(100):
        if not os.path.isdir(f"/proc/{pid}"):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} was never waited for")


def test_what_a_keeper_tells_of_a_child_that_did_not_come_to_be_is_never_taken_for_its_number(monkeypatch):
    # The status 1, taken for the number of a group, would stand for every process of the machine.
    monkeypatch.setattr(starting, "_path", lambda: "[")
    process = starting.started()
    assert process.pid > 1
    assert isinstance(process, subprocess.Popen)
    process.kill()
    with process:
        pass
