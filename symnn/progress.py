"""A progress bar for training: what ``byhand.train`` calls after each epoch, shown on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from symnn.byhand import History
from symnn.byhand.training import Watch
from symnn.errors import InputError

DIGITS = 4
"""How many digits of a cost are shown: what changes further behind cannot be read as it runs."""

_WIDTH = len("1.234e-05")


class _TimeLeft(TimeRemainingColumn):
    """The time left while there is some, and then how it ended."""

    def render(self, task: Task) -> Text:
        if task.fields["ended"]:
            return Text(task.fields["ended"])
        return super().render(task).append(" left")


@contextmanager
def progress_bar(epochs: int, *, console: Console | None = None) -> Iterator[Watch]:
    """Show how far a training of so many epochs has come, its cost and the time left; yield what ``train`` is to watch.

    The bar stands on standard error, or on ``console``, while that is a terminal or a notebook; anywhere else, as in a
    pipe, nothing is written. The cost on validation data is shown beside that of training where there are any. Raises
    `InputError` for a negative number of epochs.

    >>> import numpy as np
    >>> from symnn.byhand import GradientDescent, HalfSquaredError, dense_network, train
    >>> X = np.array([[0.0, 1.0, 2.0]])
    >>> with progress_bar(200) as watch:
    ...     net = dense_network([1, 1], ["linear"], HalfSquaredError("mean"), start="zeros")
    ...     history = train(net, X, 2 * X + 1, GradientDescent(0.5), 200, watch=watch)
    >>> history.epochs
    200
    """
    if epochs < 0:
        raise InputError(f"epochs must not be negative, given {epochs}")
    screen = Console(stderr=True) if console is None else console
    bar = Progress(
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[costs]}", markup=False),
        _TimeLeft(),
        console=screen,
        disable=not (screen.is_terminal or screen.is_jupyter),
    )
    task = bar.add_task("", total=epochs, costs="", ended="")

    def watch(epoch: int, history: History) -> None:
        bar.update(task, completed=epoch, costs=_costs(history))

    with bar:
        try:
            yield watch
        finally:
            bar.update(task, ended="done" if bar.tasks[task].finished else "stopped")


def _costs(history: History) -> str:
    shown = {"cost": history.losses, "validation": history.validation}
    # Of one width, or the bar beside them would jump.
    return " ".join(f"{what} {f'{values[-1]:.{DIGITS}g}':<{_WIDTH}}" for what, values in shown.items() if values)
