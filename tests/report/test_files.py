"""What is written appears whole or not at all, and never in the place of anything that was not ours."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from symnn.errors import InputError
from symnn.report import files
from symnn.report.files import check_free, check_writable, names_in, new_file, new_files, new_folder, put

MINE = b"my own notes"
OURS = b"ours"


def is_ours(path):
    return path.read_bytes().startswith(OURS)


def all_ours(folder):
    return [name for name in names_in(folder) if is_ours(folder / name)]


def refusal(goal, names):
    return InputError(f"{goal.name} holds {', '.join(names)}")


def held(folder):
    """Everything below a folder, by its name: the bytes of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def write(context, *names, then=lambda: None, content=OURS):
    """Write files by one of the ways, and let something happen before they are moved."""
    with context as staged:
        for name in names:
            put(staged, name, content)
        then()


def somebody_writes(path):
    def happens():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(MINE)

    return happens


# The two ways to write: each as a context that yields the hidden folder, and the name that an error must hold.


def as_files(goal):
    return new_files(goal, is_ours), "a.txt"


def as_folder(goal):
    return new_folder(goal, all_ours, refusal), "a.txt"


WAYS = {"files": as_files, "folder": as_folder}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def way(request):
    return request.param


@pytest.fixture(params=[False, True], ids=["links", "no links"])
def disk(request, monkeypatch):
    """A disk that knows second names for files, and one that does not."""

    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    if request.param:
        monkeypatch.setattr(os, "link", refuse)


def test_nothing_is_seen_until_all_is_there_and_then_it_has_ordinary_rights(tmp_path, way):
    goal = tmp_path / "new" / "folder"
    context, _ = way(goal)
    with context as staged:
        put(staged, "a.txt", OURS)
        assert not goal.exists()
        assert staged.name.startswith(".folder-")
    assert held(tmp_path) == {"new": None, "new/folder": None, "new/folder/a.txt": OURS}
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "file").write_bytes(b"")
    assert goal.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert (goal / "a.txt").stat().st_mode == (tmp_path / "plain" / "file").stat().st_mode


@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_run_that_is_interrupted_leaves_nothing(tmp_path, way, stop):
    def stops():
        raise stop

    context, _ = way(tmp_path / "new" / "folder")
    with pytest.raises(stop):
        write(context, "a.txt", then=stops)
    assert held(tmp_path) == {}


def test_an_earlier_run_is_replaced(tmp_path, way, disk):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(OURS + b" of old")
    context, _ = way(tmp_path / "out")
    with context as staged:
        put(staged, "a.txt", OURS)
    assert held(tmp_path) == {"out": None, "out/a.txt": OURS}


def test_a_file_of_somebody_else_is_never_replaced(tmp_path, way):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(MINE)
    context, name = way(tmp_path / "out")
    with pytest.raises(InputError, match=name):
        write(context, "a.txt")
    assert held(tmp_path) == {"out": None, "out/a.txt": MINE}


def test_a_file_that_comes_meanwhile_is_never_replaced(tmp_path, way, disk):
    context, name = way(tmp_path / "out")
    with pytest.raises(InputError, match=name):
        write(context, "a.txt", then=somebody_writes(tmp_path / "out" / "a.txt"))
    assert held(tmp_path) == {"out": None, "out/a.txt": MINE}


def test_a_file_that_comes_in_the_place_of_the_folder_stays(tmp_path, way):
    context, _ = way(tmp_path / "out")
    with pytest.raises(InputError, match="is a file"):
        write(context, "a.txt", then=somebody_writes(tmp_path / "out"))
    assert held(tmp_path) == {"out": MINE}


def test_files_go_beside_those_of_others_in_a_folder_that_came_meanwhile(tmp_path, disk):
    write(new_files(tmp_path / "out", is_ours), "a.txt", then=somebody_writes(tmp_path / "out" / "b.txt"))
    assert held(tmp_path) == {"out": None, "out/a.txt": OURS, "out/b.txt": MINE}


def test_a_file_that_comes_after_the_second_look_is_never_replaced(tmp_path, disk, monkeypatch):
    look = files.check_free

    def late(goals, ours):
        look(goals, ours)
        (tmp_path / "b.txt").write_bytes(MINE)
        monkeypatch.setattr(files, "check_free", lambda *_: None)
        monkeypatch.setattr(Path, "exists", lambda path: False)

    with pytest.raises(InputError, match=r"b\.txt|File exists"):
        write(
            new_files(tmp_path, is_ours),
            "a.txt",
            "b.txt",
            then=lambda: monkeypatch.setattr(files, "check_free", late),
        )
    monkeypatch.undo()
    assert held(tmp_path) == {"b.txt": MINE}


def test_a_folder_changed_while_it_is_moved_is_put_back(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(OURS)
    rename = os.rename

    def late(source, goal):
        if Path(source).name == "out":
            (tmp_path / "out" / "b.txt").write_bytes(MINE)
        rename(source, goal)

    with pytest.raises(InputError, match=r"b\.txt"):
        write(
            new_folder(tmp_path / "out", all_ours, refusal),
            "a.txt",
            then=lambda: monkeypatch.setattr(os, "rename", late),
        )
    assert held(tmp_path) == {"out": None, "out/a.txt": OURS, "out/b.txt": MINE}


def test_what_stood_there_is_kept_and_named_where_its_place_is_taken(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(OURS)
    rename = os.rename

    def late(source, goal):
        rename(source, goal)
        if Path(source).name == "out":
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "b.txt").write_bytes(MINE)

    context = new_folder(tmp_path / "out", all_ours, refusal)
    with pytest.raises(InputError, match="what stood there") as told:
        write(context, "a.txt", then=lambda: monkeypatch.setattr(os, "rename", late))
    (kept,) = (path for path in tmp_path.iterdir() if path.name != "out")
    assert str(kept) in str(told.value)
    assert {**held(tmp_path / "out"), **held(kept)} == {"b.txt": MINE, "old": None, "old/a.txt": OURS}


@pytest.mark.parametrize("name", ["b.txt", "folder/c.txt"])
def test_with_ours_also_goes_nothing_of_somebody_else(tmp_path, name):
    (tmp_path / "out" / "folder").mkdir(parents=True)
    (tmp_path / "out" / "a.txt").write_bytes(OURS)
    (tmp_path / "out" / name).write_bytes(MINE)
    before = held(tmp_path)
    with pytest.raises(InputError, match=name), new_folder(tmp_path / "out", all_ours, refusal):
        pytest.fail("work was begun")
    assert held(tmp_path) == before


def test_where_one_file_cannot_be_put_the_others_are_taken_back(tmp_path, disk, monkeypatch):
    (tmp_path / "a.txt").write_bytes(OURS + b" of old")
    whole = files._put_file

    def full(staged, goal, ours):
        if goal.name == "c.txt":
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(staged, goal, ours)

    monkeypatch.setattr(files, "_put_file", full)
    with pytest.raises(InputError, match="No space left on device"):
        write(new_files(tmp_path, is_ours), "a.txt", "b.txt", "c.txt")
    assert held(tmp_path) == {"a.txt": OURS + b" of old"}


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, way, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    context, name = way(tmp_path / "out")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=f"cannot write {name}: No space left on device"):
        write(context, "a.txt")
    assert held(tmp_path) == {}


def test_a_place_without_rights_is_said_before_any_work(tmp_path, way, monkeypatch):
    def closed(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files.tempfile, "mkdtemp", closed)
    context, _ = way(tmp_path / "out")
    with pytest.raises(InputError, match=r"cannot write to .*out: Permission denied"), context:
        pytest.fail("work was begun")
    with pytest.raises(InputError, match="Permission denied"):
        check_writable(tmp_path)
    assert held(tmp_path) == {}


def test_a_folder_below_a_file_cannot_be(tmp_path, way):
    (tmp_path / "file").write_bytes(MINE)
    context, _ = way(tmp_path / "file" / "out")
    with pytest.raises(InputError, match="cannot write to"), context:
        pytest.fail("work was begun")
    assert held(tmp_path) == {"file": MINE}


def test_one_file_is_looked_at_before_any_work(tmp_path):
    (tmp_path / "mine").write_bytes(MINE)
    (tmp_path / "folder").mkdir()
    for path, said in ((tmp_path / "mine", "there already"), (tmp_path / "folder", "no plain file")):
        with pytest.raises(InputError, match=said), new_file(path, is_ours):
            pytest.fail("work was begun")
    with pytest.raises(InputError, match="there is no folder"), new_file(tmp_path / "none" / "a", is_ours):
        pytest.fail("work was begun")
    assert held(tmp_path) == {"mine": MINE, "folder": None}


def test_one_file_takes_the_place_of_an_empty_one_and_of_ours(tmp_path, disk):
    for before in (b"", OURS, None):
        path = tmp_path / "a.txt"
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        with new_file(path, is_ours) as staged:
            put(staged.parent, staged.name, OURS + b" anew")
        assert held(tmp_path) == {"a.txt": OURS + b" anew"}


def test_a_second_name_of_a_file_stays_one(tmp_path):
    (tmp_path / "a.txt").write_bytes(OURS)
    (tmp_path / "link").symlink_to("a.txt")
    with new_file(tmp_path / "link", is_ours) as staged:
        put(staged.parent, staged.name, OURS + b" anew")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a.txt").read_bytes() == OURS + b" anew"


def test_a_device_is_never_replaced():
    with pytest.raises(InputError, match="no plain file"):
        check_free([Path(os.devnull)], is_ours)


@pytest.mark.parametrize("name", ["../escaped.txt", "a/../../escaped.txt"])
def test_nothing_is_written_outside(tmp_path, name):
    with pytest.raises(InputError, match="outside its folder"), new_files(tmp_path / "out", is_ours) as staged:
        put(staged, name, OURS)
    assert held(tmp_path) == {}
