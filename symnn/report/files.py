"""Files and folders that appear whole or not at all, and never in the place of anything that was not ours.

What is made is made in a hidden folder beside its place, and moved when all of it is there. What stands in the place is
looked at twice: before any work is done, and in the moment of the move, since anything may have come meanwhile.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from symnn.errors import InputError, aligned

Ours = Callable[[Path], bool]
"""Whether a file is one that symnn wrote, and may write anew."""

# What a file system says that knows no second name for a file.
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK}
# The longest part of a name that a hidden folder takes over: names have an end.
_NAME = 40


@contextmanager
def new_files(folder: Path, ours: Ours) -> Iterator[Path]:
    """Yield a hidden folder whose files are put into ``folder`` at the end, all or none; it is made if it is missing.

    A file of the same name is replaced if it is empty or ``ours``. Raises `InputError`, before anything is yielded, for
    a folder that cannot be written to, and at the end for a file that may not be replaced; then all is as it was.

    >>> with tempfile.TemporaryDirectory() as home:
    ...     with new_files(Path(home) / "new", lambda path: False) as staged:
    ...         put(staged, "a.txt", b"mine")
    ...     (Path(home) / "new" / "a.txt").read_text()
    'mine'
    """
    goal = folder.resolve()
    with _hidden(goal, home=goal if goal.exists() else _nearest(goal)) as staged:
        yield staged
        with _said(goal), _parents_of(goal):
            if _moved(staged, goal):
                return
            _placed(staged, goal, ours)


@contextmanager
def new_file(path: Path, ours: Ours) -> Iterator[Path]:
    """Yield the path of a hidden file that is to be written, and is put in the place of ``path`` at the end.

    Raises what `new_files` raises, and before anything is yielded also for a file that may not be replaced, and where
    there is no folder.

    >>> with tempfile.TemporaryDirectory() as home:
    ...     with new_file(Path(home) / "a.txt", lambda path: False) as staged:
    ...         put(staged.parent, staged.name, b"mine")
    ...     names_in(Path(home))
    ['a.txt']
    """
    goal = path.resolve()
    if not goal.parent.is_dir():
        raise InputError(f"cannot write {path}: there is no folder {goal.parent}")
    check_free([goal], ours)
    with new_files(goal.parent, ours) as staged:
        yield staged / goal.name


@contextmanager
def new_folder(
    goal: Path, ours: Callable[[Path], Iterable[str]], refusal: Callable[[Path, list[str]], InputError]
) -> Iterator[Path]:
    """Yield a hidden folder that stands in the place of ``goal`` at the end.

    ``ours`` gives the names of those files in a folder that may be replaced, and ``refusal`` the error for a folder
    with others, by their names. Raises `InputError` for such a folder, first and in the end, for a file, and for what
    cannot be written to; then all is as it was.

    >>> with tempfile.TemporaryDirectory() as home:
    ...     with new_folder(Path(home) / "new", lambda folder: (), lambda goal, names: InputError("no")) as staged:
    ...         put(staged, "sheets/a.txt", b"mine")
    ...     names_in(Path(home))
    ['new/sheets/a.txt']
    """
    goal = goal.resolve()
    _check_folder(goal, goal, ours, refusal)
    with _hidden(goal, home=_nearest(goal)) as staged:
        yield staged
        with _said(goal), _parents_of(goal):
            if not _moved(staged, goal):
                _exchanged(staged, goal, ours, refusal)


def check_free(goals: Iterable[Path], ours: Ours) -> None:
    """Raise `InputError` where something stands in the place of a file that is neither empty nor ``ours``."""
    for goal in goals:
        if not os.path.lexists(goal):
            continue
        if not goal.is_file():
            raise InputError(f"{goal} is no plain file: nothing is written to it")
        try:
            free = goal.stat().st_size == 0 or ours(goal)
        except OSError as error:
            raise InputError(f"cannot look at {goal}: {error.strerror}") from error
        if not free:
            rows = [("holds", "what this command has not written"), ("do", "move it away, or give another place")]
            raise InputError(f"{goal} is there already: nothing is replaced\n{aligned(rows)}")


def check_writable(folder: Path) -> None:
    """Raise `InputError` if a folder cannot be written to, or cannot be made; leave nothing behind."""
    goal = folder.resolve()
    with _hidden(goal, home=goal if goal.exists() else _nearest(goal)):
        pass


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file into a hidden folder; raise `InputError` for a name that leads out of it, and for a full disk."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"nothing may be written outside its folder: {name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot write {path.name}: {error.strerror}") from error


def names_in(folder: Path) -> list[str]:
    """Return the names of everything below a folder that is no folder itself, in order."""
    below = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in below)


# The hidden folder.


@contextmanager
def _hidden(goal: Path, home: Path) -> Iterator[Path]:
    """Yield a new hidden folder; what is left of it goes at the end, whatever the end."""
    with _said(goal):
        staged = Path(tempfile.mkdtemp(prefix=f".{goal.name[:_NAME]}-", dir=home))
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _nearest(goal: Path) -> Path:
    """Return the nearest thing above a path that is there, which lies on the same disk."""
    return next(parent for parent in goal.parents if parent.exists())


@contextmanager
def _said(goal: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write to {goal}: {error.strerror}") from error


@contextmanager
def _parents_of(goal: Path) -> Iterator[None]:
    """Make the folders above a path, and take those away again where it fails."""
    missing = [parent for parent in goal.parents if not parent.exists()]
    goal.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


# The move.


def _moved(staged: Path, goal: Path) -> bool:
    """Make a hidden folder the folder ``goal``; return whether it could be, which it cannot where one with files is."""
    if sys.platform == "win32":
        # There a folder does not take the place of an empty one.
        with suppress(OSError):
            goal.rmdir()
    if os.path.lexists(goal) and not goal.is_dir():
        raise InputError(f"{goal} is a file: give a folder")
    # A temporary folder is private; what is written is there for all, as any new folder is.
    staged.chmod(0o777 & ~_umask())
    try:
        os.rename(staged, goal)
    except OSError:
        if not goal.exists():
            raise
        return False
    return True


def _placed(staged: Path, goal: Path, ours: Ours) -> None:
    """Put every file of a hidden folder into a folder that is there; where one cannot be put, take the others back."""
    names = [path.name for path in staged.iterdir()]
    check_free([goal / name for name in names], ours)
    done: list[tuple[Path, Path | None]] = []
    kept = staged / "replaced"
    kept.mkdir()
    try:
        for name in sorted(names):
            before = None
            if (goal / name).exists():
                before = kept / name
                shutil.copy2(goal / name, before)
            _put_file(staged / name, goal / name, ours)
            done.append((goal / name, before))
    except BaseException:
        for path, before in reversed(done):
            with suppress(OSError):
                path.unlink() if before is None else os.replace(before, path)
        raise


def _put_file(staged: Path, goal: Path, ours: Ours) -> None:
    check_free([goal], ours)
    if goal.exists():
        os.replace(staged, goal)
        return
    try:
        # Unlike a move, a second name never takes the place of a file that came a moment ago.
        os.link(staged, goal)
    except FileExistsError as error:
        raise InputError(f"{goal} came while this ran: nothing is replaced") from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copied(staged, goal)


def _copied(staged: Path, goal: Path) -> None:
    with goal.open("xb") as file:
        try:
            file.write(staged.read_bytes())
            file.flush()
        except BaseException:
            goal.unlink()
            raise


def _check_folder(
    folder: Path,
    goal: Path,
    ours: Callable[[Path], Iterable[str]],
    refusal: Callable[[Path, list[str]], InputError],
) -> list[str]:
    """Return the names of all files in a folder, or raise the error for one that holds others than ours."""
    if not os.path.lexists(folder):
        return []
    if not folder.is_dir():
        raise InputError(f"{goal} is a file: give a folder to --out")
    names = names_in(folder)
    known = set(ours(folder)) if names else set()
    if others := [name for name in names if name not in known]:
        raise refusal(goal, others)
    return names


def _exchanged(
    staged: Path,
    goal: Path,
    ours: Callable[[Path], Iterable[str]],
    refusal: Callable[[Path, list[str]], InputError],
) -> None:
    """Put a hidden folder in the place of one that is ours, which is looked at once more where nobody else finds it."""
    _check_folder(goal, goal, ours, refusal)
    aside = Path(tempfile.mkdtemp(prefix=f".{goal.name[:_NAME]}-", dir=goal.parent))
    old = aside / "old"
    try:
        os.rename(goal, old)
        try:
            names = _check_folder(old, goal, ours, refusal)
            os.rename(staged, goal)
        except BaseException:
            _put_back(old, goal)
            raise
        _remove(old, names)
    finally:
        # What has come into it in the last moment stays where it is.
        with suppress(OSError):
            aside.rmdir()


def _put_back(old: Path, goal: Path) -> None:
    try:
        os.rename(old, goal)
    except OSError as error:
        rows = [("what stood there", f"is now {old}"), ("do", "look at both, and move it back")]
        raise InputError(f"{goal} came while this ran: nothing is replaced\n{aligned(rows)}") from error


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove a folder with files of these names; any other stays, and the folders above it."""
    for name in names:
        with suppress(OSError):
            (folder / name).unlink()
    below = sorted((path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()), reverse=True)
    for path in (*below, folder):
        with suppress(OSError):
            path.rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
