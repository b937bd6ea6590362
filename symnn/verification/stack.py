"""Checking hand-written layers against the derivation of the network they are meant to be.

The layers run unmodified on balls, forward and in reverse, at drawn parameters and data; every gradient they set is
compared, entry by entry, with the one that the step tree gives.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symnn.derivation import Derivation, derive
from symnn.errors import InputError, UndecidedError
from symnn.kernels import data_names
from symnn.network import Network
from symnn.notation import adjoint_name, name_of
from symnn.scalars import DEFAULT_BITS, Scalar, ScalarArray, array, ball, running
from symnn.scalars.lifting import lift
from symnn.verification.adapters.found import kept_for
from symnn.verification.adapters.objects import Path, arrays_of, at, code_of, put
from symnn.verification.adapters.passes import backward, forward, handed_on, methods_of
from symnn.verification.calling import CannotRunError, call
from symnn.verification.compare import compare_arrays
from symnn.verification.diagnosis import diagnose
from symnn.verification.drawing import drawn
from symnn.verification.verdict import NO_DIAGNOSIS, Check, Verdict

_HOLDERS = ("params", "parameters", "_params", "_parameters")

WEIGHTS: tuple[Path, ...] = (
    *((name,) for name in ("weights", "W", "w", "weight", "kernel")),
    *((holder, name) for holder in _HOLDERS for name in ("W", "weights", "w", "weight")),
)
"""Where a layer may keep its weights."""

BIASES: tuple[Path, ...] = (
    *((name,) for name in ("biases", "b", "bias", "B")),
    *((holder, name) for holder in _HOLDERS for name in ("b", "biases", "bias")),
)
"""Where a layer may keep its biases."""

SPARE_POINTS = 4
"""How many points beyond those asked for are drawn when some cannot be decided."""


def verify_stack(layers: Any, network: Network, *, points: int = 2, seed: int = 0, bits: int = DEFAULT_BITS) -> Verdict:
    """Check hand-written layers, or an object that holds them, against the exact gradients of ``network``.

    ``layers`` is a list of layers with ``forward_pass`` and ``backward_pass``, or ``forward`` and ``backward``, or an
    object that holds such a list as ``layers``. If the object has a loss, ``loss_of(X, Y)``, its ``backward_pass`` is
    given the targets; a list, or an object without a loss, is given the exact upstream gradient of the last output.
    Layers with ``weights`` (or ``W``, ``params["W"]``) are numbered from 1; ``dweights``, ``dbiases`` and ``dinputs``,
    kept or returned, are checked, the loss too where there is one. Raises `InputError` if the layers are not those
    of the network.

    >>> from symnn import byhand
    >>> from symnn.network import Dense
    >>> net = Network(inputs=2, layers=[Dense(3, "tanh"), Dense(1)], loss="half-squared-error", reduction="sum")
    >>> first = byhand.Dense(np.zeros((3, 2)), np.zeros((3, 1)))
    >>> second = byhand.Dense(np.zeros((1, 3)), np.zeros((1, 1)))
    >>> verify_stack([first, byhand.Tanh(), second], net).verdict
    'equal'
    """
    if points < 1:
        raise InputError(f"points must be at least 1, given {points}")
    derivation = derive(network, rewrites=False)
    stack = _Stack(layers, network)
    found: dict[str, Check] = {}
    skipped: list[str] = []
    counted = 0
    diagnosis = NO_DIAGNOSIS
    for number in range(points + SPARE_POINTS):
        if counted == points:
            break
        try:
            seen = _look(stack, derivation, np.random.default_rng([seed, number]), bits)
        except CannotRunError as error:
            return Verdict("undecided", 0, "no certified answer", (), (str(error),))
        except UndecidedError as error:
            skipped.append(f"point {number + 1} does not count: {error}")
            continue
        counted += 1
        found = {name: _worse(found.get(name), check) for name, check in seen.checks.items()}
        if any(check.verdict == "different" for check in seen.checks.values()):
            diagnosis = diagnose(derivation, network, seen.arrays, seen.gradients, bits, seen.supplied)
            break
    return replace(_verdict(found, counted, skipped, bits, seed), diagnosis=diagnosis)


@dataclass(frozen=True)
class _Seen:
    """What one point showed: the arrays drawn, the gradients that the layers set, and the checks.

    ``supplied`` names the gradients that the layers were given because they have no loss of their own.
    """

    arrays: Mapping[str, Any]
    gradients: Mapping[str, Any]
    checks: Mapping[str, Check]
    supplied: tuple[str, ...]


class _Stack:
    """A copy of the user's layers, with the arrays that they hold."""

    def __init__(self, given: Any, network: Network) -> None:
        copied = copy.deepcopy(given)
        self.whole = None if isinstance(copied, list | tuple) else copied
        self.layers = list(copied if self.whole is None else getattr(copied, "layers", ()))
        for layer in self.layers:
            if methods_of(layer) is None:
                raise InputError(
                    f"{type(layer).__name__} has no forward_pass and backward_pass, nor forward and backward: "
                    "it is no layer"
                )
        self.dense = [layer for layer in self.layers if _path(layer, WEIGHTS) is not None]
        if len(self.dense) != len(network.layers):
            raise InputError(
                f"the network has {len(network.layers)} dense layers, yours {len(self.dense)} with weights: "
                "give the layers of that network, in order"
            )
        for number, (layer, wanted) in enumerate(zip(self.dense, network.layers, strict=True), start=1):
            if _path(layer, BIASES) is not None and not wanted.bias:
                raise InputError(f"dense layer {number} has biases, but the network says bias=False there")

    @property
    def functions(self) -> tuple[Any, ...]:
        """The methods that will run."""
        return code_of(*self.layers, *([self.whole] if self.whole is not None else []))

    def load(self, arrays: Mapping[str, Any]) -> None:
        """Put parameters into the layers."""
        for number, layer in enumerate(self.dense, start=1):
            put(layer, _path(layer, WEIGHTS) or WEIGHTS[0], arrays[f"W{number}"].copy())
            if f"b{number}" in arrays:
                put(layer, _path(layer, BIASES) or BIASES[0], arrays[f"b{number}"].copy())

    def run(self, X: Any, Y: Any, upstream: Any) -> dict[str, Any]:
        """Run forward and in reverse; return the loss if there is one, and every gradient by name."""
        found: dict[str, Any] = {}
        returned: list[Any] = [None] * len(self.layers)
        if self.whole is not None and callable(getattr(self.whole, "loss_of", None)):
            found["L"] = self.whole.loss_of(X.copy(), Y.copy())
            dinputs = self.whole.backward_pass(Y.copy())
        else:
            _, caches = forward(self.layers, [X.copy()])
            returned = backward(self.layers, upstream.copy(), caches)
            dinputs = returned[0]
        for number, layer in enumerate(self.dense, start=1):
            given = next(what for one, what in zip(self.layers, returned, strict=True) if one is layer)
            found[f"W{number}"] = _gradient(layer, WEIGHTS, given, 1)
            found[f"b{number}"] = _gradient(layer, BIASES, given, 2)
        # Some layers keep dinputs and return nothing.
        found["X"] = handed_on(dinputs, self.layers[0])
        return found


def _path(layer: Any, paths: tuple[Path, ...]) -> Path | None:
    """The first path at which a layer has an array."""
    return next((path for path in paths if at(layer, path) is not None), None)


def _gradient(layer: Any, paths: tuple[Path, ...], given: Any, position: int) -> Any:
    """The gradient of weights or biases: kept by the layer, or at a position of the tuple that it returned."""
    path = _path(layer, paths)
    kept = kept_for(path, arrays_of(layer)) if path is not None else None
    if kept is not None:
        return at(layer, kept)
    return given[position] if isinstance(given, tuple) and len(given) > position else None


def _look(stack: _Stack, derivation: Derivation, rng: np.random.Generator, bits: int) -> _Seen:
    system = ball(bits)
    arrays = {name: array(A, system) for name, A in drawn(derivation.program, derivation.sizes, rng).items()}
    parameters = {name: arrays[name] for name in map(name_of, derivation.program.parameters)}
    X, Y = (arrays[name] for name in data_names(derivation.program))
    with running(system):
        exact = derivation.evaluate(parameters, X, Y)
    (prediction,) = (name for name in derivation.program.equations[-1].reads if name in derivation.program.definitions)
    with running(system, functions=stack.functions):
        stack.load(arrays)
        found = call("the stack of layers", stack.run, X, Y, exact[adjoint_name(prediction)])
        wanted = {name: exact[adjoint_name(name)] for name in (*parameters, "X")}
        if "L" in found:
            wanted["L"] = exact[name_of(derivation.program.loss)]
        yours = {name: _as_array(found[name]) for name in wanted if found.get(name) is not None}
        checks = {name: _check(name, yours.get(name), _as_array(value), bits) for name, value in wanted.items()}
    gradients = {name: value for name, value in yours.items() if name != "L"}
    supplied = () if "L" in found else (adjoint_name(prediction),)
    return _Seen(arrays, gradients, checks, supplied)


def _check(name: str, yours: Any, exact: Any, bits: int) -> Check:
    if yours is None:
        return Check(name, exact.shape, "different", note="your layers set no such gradient")
    return compare_arrays(name, yours, exact, bits)


def _as_array(value: Any) -> Any:
    lifted = lift(value)
    if isinstance(lifted, Scalar):
        return lift(np.array([lifted], dtype=object)).reshape(())
    if not isinstance(lifted, ScalarArray):
        raise InputError(f"a layer gave {str(value)[:60]!r}, which is no array of numbers")
    return lifted


def _worse(before: Check | None, now: Check) -> Check:
    """Of two checks of one array, the one that says less for it."""
    if before is None or now.verdict == "different":
        return now
    if before.verdict == "different" or now.verdict == "undecided":
        return before
    return now if before.verdict == "undecided" else min(before, now, key=lambda check: check.digits)


def _verdict(found: Mapping[str, Check], counted: int, skipped: list[str], bits: int, seed: int) -> Verdict:
    checks = tuple(found.values())
    circumstances = f"({bits}-bit balls, seed {seed})"
    wrong = [check.entry for check in checks if check.verdict == "different"]
    if wrong:
        return Verdict("different", 0, f"certainly wrong at {', '.join(wrong)} {circumstances}", checks, tuple(skipped))
    undecided = [f"of {check.name}: {check.note}" for check in checks if check.verdict == "undecided"]
    if undecided or not counted:
        return Verdict("undecided", 0, "no certified answer", checks, (*undecided, *skipped))
    digits = min(check.digits for check in checks)
    place = f"{counted} point{'s' if counted > 1 else ''}"
    evidence = f"certified against the derivation to {digits} digits at {place} {circumstances}"
    return Verdict("equal", digits, evidence, checks, tuple(skipped))
