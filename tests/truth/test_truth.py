"""The benchmark of truth scores truly: who always says equal finds nothing, who always says different alarms always."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from benchmarks.truth.__main__ import failures, scores
from benchmarks.truth.checkers import CHECKERS, Checker
from benchmarks.truth.kinks import kinks
from benchmarks.truth.precision import EXPONENTS, example, planted, smallest
from benchmarks.truth.rewrites import Planting, trials_of
from benchmarks.truth.scores import Score, outcomes
from benchmarks.truth.trial import Answer, Flat, Trial, WrongShapeError
from benchmarks.truth.wild import wild
from symnn import Dense, Network
from symnn.derivation import derive

NETWORK = Network(1, [Dense(1, bias=False)], "half-squared-error")
REWRITES = tuple(itertools.islice(trials_of(Planting("one weight", derive(NETWORK), NETWORK)), 30))
TRIALS = (*wild(), *kinks(), *REWRITES)
WRONG = sum(trial.wrong for trial in TRIALS)
INSTALLED = [checker for checker in CHECKERS if checker.ask is not None]


def always(verdict, named=""):
    return Checker("fixed", "always the same", lambda trial: Answer(verdict, named))


def test_who_always_says_equal_finds_nothing():
    score = Score.of(outcomes(always("equal"), TRIALS))
    assert (score.found, score.named, score.alarms) == (0, 0, 0)
    assert (score.wrong, score.right) == (WRONG, len(TRIALS) - WRONG)


def test_who_always_says_different_finds_all_names_none_and_alarms_always():
    score = Score.of(outcomes(always("different"), TRIALS))
    assert (score.found, score.named, score.alarms) == (WRONG, 0, len(TRIALS) - WRONG)
    assert 0 < WRONG < len(TRIALS)


def test_who_never_answers_has_neither_found_nor_alarmed():
    score = Score.of(outcomes(always("no answer"), TRIALS))
    assert (score.found, score.alarms, score.unanswered) == (0, 0, len(TRIALS))


def test_only_a_sentence_that_fits_counts_as_naming():
    said = Score.of(outcomes(always("different", "the sign is wrong"), TRIALS))
    assert said.named == 0 < said.nameable
    told = Checker("oracle", "knows", lambda trial: Answer("different", next(iter(sorted(trial.names)), "")))
    score = Score.of(outcomes(told, TRIALS))
    assert score.named == score.nameable == said.nameable


def test_a_checker_that_is_not_installed_cannot_be_asked():
    with pytest.raises(ValueError, match="absent is not installed"):
        outcomes(Checker("absent", "", None), TRIALS)


def test_every_rewrite_is_a_trial_with_a_sentence_and_the_derivation_itself_is_right():
    assert [trial.wrong for trial in REWRITES[:2]] == [False, True]
    assert all(trial.names for trial in REWRITES if trial.wrong)


def test_both_twins_of_every_case_are_there():
    assert {trial.group for trial in wild()} == {"public code", "reported as wrong"}
    assert all(any(t.wrong is wrong for t in TRIALS if t.group == "public code") for wrong in (True, False))


@pytest.mark.parametrize("checker", INSTALLED, ids=lambda checker: checker.name)
def test_every_checker_tells_a_plain_mistake_from_a_right_gradient(checker):
    def loss(w):
        return np.sum(np.sin(w))

    def twice(w):
        return 2 * np.cos(w)

    right = Trial("plain", "right", loss, np.cos, np.array([0.5, 1.0]))
    wrong = Trial("plain", "twice", loss, twice, np.array([0.5, 1.0]), wrong=True)
    assert [checker.ask(trial).verdict for trial in (right, wrong)] == ["equal", "different"]


def test_a_gradient_of_the_wrong_shape_counts_as_found_by_all():
    def loss(p):
        return np.sum(p["W"] ** 2)

    def turned(p):
        return {"W": 2 * p["W"].T}

    trial = Trial("plain", "turned", loss, turned, {"W": np.arange(6.0).reshape(2, 3)}, wrong=True)
    with pytest.raises(WrongShapeError):
        Flat(trial).grad(Flat(trial).start)
    assert {checker.ask(trial).verdict for checker in INSTALLED} == {"different"}


def test_the_smallest_error_seen_is_where_a_checker_stops_seeing():
    def seeing(trial):
        return Answer("different" if float(trial.name.split()[-1]) > 1e-7 else "equal")

    assert smallest(Checker("to 1e-6", "", seeing)) == (6, 6)
    assert smallest(always("equal")) == (None, None)
    assert smallest(always("different")) == (EXPONENTS[-1], EXPONENTS[-1])


def test_a_planted_error_is_as_large_as_it_says():
    trial = planted("W1", (0, 2), 2)
    params, *data = example()
    wrong, right = trial.grad(params, *data)["W1"], planted("W1", (0, 2), 90).grad(params, *data)["W1"]
    assert wrong[0, 2] / right[0, 2] == pytest.approx(1.01)
    assert np.sum(wrong != right) == 1


def test_the_tables_tell_what_failed():
    done = {"fixed": outcomes(always("different"), TRIALS)}
    assert scores(done).row_count == 1
    told = list(failures(done))
    assert f"{len(TRIALS) - WRONG} false alarm" in told[0]
    assert told[-1] == f"  and {len(TRIALS) - WRONG - 12} more"
