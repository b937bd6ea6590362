"""A training shows how far it has come on a terminal, and writes nothing where nobody would see it."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from rich.console import Console

from symnn.byhand import EarlyStopping, GradientDescent, HalfSquaredError, History, dense_network, train
from symnn.errors import InputError
from symnn.progress import progress_bar
from symnn.scalars import array, ball, running

X = np.array([[0.0, 1.0, 2.0]])
Y = 2 * X + 1


@pytest.fixture(autouse=True)
def a_terminal_that_can_move_its_cursor(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(epochs, trained, *, terminal=True):
    """Everything that a training inside a bar of so many epochs writes, without the codes that move the cursor."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=100, color_system=None)
    with progress_bar(epochs, console=console) as watch:
        trained(watch)
    return re.sub(r"\x1b\[[0-9?]*[A-Za-z]", "\r", screen.getvalue())


def training(epochs, **more):
    network = dense_network([1, 1], ["linear"], HalfSquaredError("mean"), start="zeros")
    return lambda watch: train(network, X, Y, GradientDescent(0.5), epochs, watch=watch, **more)


def last_line(text):
    return [line.strip() for line in re.split(r"[\r\n]", text) if line.strip()][-1]


def test_the_bar_ends_with_the_epochs_and_the_cost_that_the_history_ends_with():
    history = dict.fromkeys(["kept"])

    def trained(watch):
        history["kept"] = training(20)(watch)

    last = last_line(shown(20, trained))
    assert last.startswith("epoch 20/20 ━")
    assert f"cost {history['kept'].losses[-1]:.4g}" in last
    assert last.endswith("done")
    assert "validation" not in last


def test_the_time_left_is_shown_from_the_start():
    screen = shown(20, training(20))
    assert re.search(r"epoch +0/20 +-:--:-- left", screen)


def test_the_cost_on_validation_data_stands_beside_that_of_training():
    last = last_line(shown(3, training(3, validation=(X, Y + 10))))
    assert re.search(r"cost 0\.\d+ +validation [1-9]", last)


def test_a_training_that_stops_early_is_not_said_to_be_done():
    last = last_line(shown(500, training(500, stopping=EarlyStopping(patience=1, least=10.0))))
    assert last.startswith("epoch   1/500")
    assert last.endswith("stopped")


def test_an_error_in_training_passes_through_and_leaves_the_terminal_as_it_was():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)

    def stopped():
        with progress_bar(5, console=console) as watch:
            watch(2, History([1.0, 0.5, 0.25]))
            raise InputError("the loss is nan")

    with pytest.raises(InputError, match="the loss is nan"):
        stopped()
    hidden, seen = "\x1b[?25l", "\x1b[?25h"
    assert screen.getvalue().count(hidden) == screen.getvalue().count(seen) == 1
    assert "stopped" in screen.getvalue()


def test_in_a_pipe_nothing_is_written(capsys, monkeypatch):
    # By these a user may ask for a terminal where there is none.
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    assert shown(20, training(20), terminal=False) == ""
    with progress_bar(20) as watch:
        training(20)(watch)
    assert capsys.readouterr() == ("", "")


def test_a_bar_changes_nothing_about_the_training():
    histories = []
    shown(20, lambda watch: histories.append(training(20)(watch)))
    histories.append(training(20)(None))
    assert histories[0] == histories[1]


def test_costs_of_any_scalar_are_shown():
    system = ball(100)
    with running(system):
        cost = array([0.0625], system)[0]
    assert "cost 0.0625" in last_line(shown(1, lambda watch: watch(1, History([cost, cost]))))


def test_a_negative_number_of_epochs_is_refused():
    with pytest.raises(InputError, match="epochs must not be negative, given -1"), progress_bar(-1):
        pass
