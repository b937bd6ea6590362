"""The parameters of a layer under one reading of its passes: which they are, and where the gradient of each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from symnn.errors import InputError, SymnnError, aligned
from symnn.verification.adapters.floats import by_values, off_zero, ran
from symnn.verification.adapters.gradients import (
    Source,
    by_methods,
    is_constant,
    is_gradient,
    is_known,
    kept_for,
    looked_for,
)
from symnn.verification.adapters.objects import Piece, arrays_of, at, copied, named
from symnn.verification.adapters.passes import (
    TARGETS,
    layers_of,
    methods_of,
    parameters_of,
    passes_of,
    required_of,
    reset,
)
from symnn.verification.adapters.places import Held, held_by, names_of
from symnn.verification.adapters.plan import Plan, Tracked, gradients_of_inputs, rewinding
from symnn.verification.adapters.rates import RATE_ARGUMENTS, has_rate, is_rate, set_rates
from symnn.verification.adapters.reading import leaves_of
from symnn.verification.adapters.returned import arrays_in, place_of, some_by_name
from symnn.verification.adapters.returned import unclear as as_unclear
from symnn.verification.adapters.shape import Given, Passes
from symnn.verification.calling import fresh
from symnn.verification.holders import items
from symnn.verification.matching import gradients_in, shape_of
from symnn.verification.points import direction

# Of the largest output: far above what float64 rounds, far below what a parameter does.
_ROUNDING = 1e-12
_SEEDS = 2**32 - 1

STATEFUL = "it carries a state from call to call, and was checked from where that begins"
"""What is said of a layer whose output depends on the calls before."""


def tracked(given: Given, reading: Passes) -> Tracked:
    """Return the parameters of a layer and their gradients; raise `InputError` where they cannot be told."""
    return _Search(given, reading).result()


class _Search:
    """One trial in float64: the arrays before, after the forward pass, and after the backward pass."""

    def __init__(self, given: Given, reading: Passes) -> None:
        self.given, self.reading = given, reading
        self.inputs = reading.inputs_of(given.target, given.arguments)
        self.template = copied(given.target)
        before = held_by(given.target)
        self.held = before
        made = self._made_by_the_first_call({path for one in before for path in one.places})
        if made:
            before = held_by(self.template)
        target = copied(self.template)
        self._off_zero(target, before)
        set_rates(target)
        at_start = _copies(target)
        np.random.seed(given.seed % _SEEDS)
        plain = fresh(list(given.arguments))
        again = rewinding(target)
        runs = ran("the forward pass", lambda: reading.run(target, plain))
        self.after = _copies(target)
        self.held = before
        kept = [one for one in before if self._is_steady(one, at_start)]
        self.candidates = [one for one in kept if not is_gradient(one.path) and not is_rate(one.path)]
        self.upstream = reading.upstream(runs[-1].outputs, given.seed)
        upstream = fresh(self.upstream)
        again()
        self.returned = ran("the backward pass", lambda: reading.reverse(target, upstream, runs))
        self.target, self.now = target, arrays_of(target)
        self.data = reading.data(given.arguments, self.upstream)
        self.plan = Plan(self.template, self.inputs, reading)
        self.values = {one.name: np.array(one.value, dtype=np.float64) for one in self.candidates}
        self.trial = {one.name: np.array(at_start[one.path], dtype=np.float64) for one in self.candidates}

    def _off_zero(self, target: Any, arrays: list[Held]) -> None:
        """Put small numbers into arrays of zeros: nothing depends on what stands behind weights of zero."""
        for k, one in enumerate(arrays):
            if one.is_array and not np.any(one.value) and not is_gradient(one.path):
                one.load(target, off_zero(one.value, self.given.seed + k))

    held: list[Held]

    def _made_by_the_first_call(self, known: set[Any]) -> bool:
        """Let a layer that makes its parameters in its first forward pass make them; return whether it did."""
        target = copied(self.template)
        set_rates(target)
        self._call(target, 0)
        made = [one for one in held_by(target) if one.is_array and not any(path in known for path in one.places)]
        again = copied(target)
        self._call(again, 1)
        then = arrays_of(again)
        steady = [one for one in made if one.path in then and _equal(then[one.path], one.value)]
        plan = Plan(target, self.inputs, self.reading)
        if not any(self._moves(plan, target, one) for one in steady):
            return False
        reset(target)
        self.template = target
        return True

    def _call(self, target: Any, more: int) -> None:
        # Parameters drawn by the first forward pass are to be the same every time.
        np.random.seed((self.given.seed + more) % _SEEDS)
        ran("the forward pass", lambda: self.reading.run(target, fresh(list(self.given.arguments))))

    def _moves(self, plan: Plan, template: Any, one: Held) -> bool:
        """Whether what a layer returns depends on an array that it holds."""
        try:
            values = [self._output(template, one, shift) for shift in (0.0, 0.125)]
        except SymnnError:
            return False
        return not _within_rounding(values[0], values[1])

    def _output(self, template: Any, one: Held, shift: float) -> Any:
        target = copied(template)
        self._off_zero(target, self.held)
        at_rest = off_zero(one.value, self.given.seed) if one.is_array else float(one.value)
        # Not the same everywhere: a softmax does not see what is added to all of its logits.
        drawn = direction(int(np.size(one.value)), np.random.default_rng([self.given.seed, 9]))
        one.load(target, at_rest + shift * (drawn.reshape(np.shape(one.value)) if one.is_array else float(drawn[0])))
        np.random.seed(self.given.seed % _SEEDS)
        runs = ran("the forward pass", lambda: self.reading.run(target, fresh(list(self.given.arguments))))
        leaves = [leaf for out in runs[-1].outputs for leaf in leaves_of(out)]
        return np.concatenate([np.ravel(leaf) for leaf in leaves])

    def _is_steady(self, one: Held, before: Mapping[Any, Any]) -> bool:
        """Whether the forward pass leaves an array as it was: what it replaces is a cache or a state."""
        now, then = self.after.get(one.path), before.get(one.path)
        return now is not None and then is not None and now.shape == then.shape and _equal(now, then)

    def result(self) -> Tracked:
        """Return what was found."""
        if self.given.names:
            self._all_there()
        sources = dict(self._kept())
        wanted = [one for one in self.candidates if one.is_array and not self._buffer(one) and self._matters(one)]
        if self.given.names:
            order = list(self.given.names)
            wanted.sort(key=lambda one: min(order.index(name) for name in order if name in _all_names(one)))
        waiting = [one for one in wanted if one.name not in sources]
        places, unclear = self._returned(wanted if self.reading.returned_first else waiting)
        sources = {name: source for name, source in sources.items() if name not in places}
        by_value = dict(self._by_value([one for one in waiting if one.name not in places], sources))
        if unclear is not None and not by_value:
            raise unclear
        sources |= {name: where for name, where in by_value.items() if isinstance(where, Source)}
        places |= {name: where for name, where in by_value.items() if not isinstance(where, Source)}
        trained = [one for one in self.candidates if one.name in sources or one.name in places]
        if self.given.names:
            trained = [one for one in trained if self._is_named(one)]
        own = names_of(trained, self.inputs.arrays())
        plan = replace(
            self.plan,
            parameters=own,
            sources={name: sources[one.name] for name, one in own.items() if one.name in sources},
            returned={name: places[one.name] for name, one in own.items() if one.name in places},
        )
        left = [one for one in waiting if one not in trained]
        constants = [one.name for one in left if is_constant(one.path)]
        missing = [self._missing(one) for one in left if not is_constant(one.path)]
        inputs, more, notes = self._checked_inputs(bool(own))
        notes += [f"taken for constants, and not looked at: {', '.join(constants)}"] if constants else []
        arrays = {name: self.values[one.name] for name, one in own.items()} | inputs
        if self._is_stateful():
            notes.append(STATEFUL)
        return Tracked(plan, arrays, self.data, (*missing, *more), tuple(notes), tuple(left))

    def _matters(self, one: Held) -> bool:
        """Whether an array is looked at: one of those that were named, or else one that the output depends on."""
        return self._is_named(one) if self.given.names else self._moves(self.plan, self.template, one)

    def _kept(self) -> Iterator[tuple[str, Source]]:
        methods = {id(A): source for A, source in by_methods(self.target)}
        updates = has_rate(self.target) or any(self._has_rate_argument(layer) for layer in layers_of(self.target))
        for one in self.candidates:
            if self.given.names and not self._is_named(one):
                continue
            where = kept_for(one.places, np.shape(one.value), self.now)
            # What nothing depends on has a gradient of zero; what a call before has left behind is no parameter.
            claimed = where is not None and is_known(one.path) and not _is_zero(self.now[where])
            if where is not None and (claimed or self._matters(one)):
                yield one.name, Source("kept", where)
            elif id(at(self.target, one.path)) in methods:
                yield one.name, methods[id(at(self.target, one.path))]
            elif updates and self._is_rewritten(one) and not is_constant(one.path):
                yield one.name, Source("step", one.path)

    def _has_rate_argument(self, layer: Any) -> bool:
        return methods_of(layer) is not None and bool(RATE_ARGUMENTS & set(required_of(passes_of(layer)[1])))

    def _buffer(self, one: Held) -> bool:
        """Whether an array was made for a gradient: the backward pass writes it, and no update does."""
        return self._is_rewritten(one) and not has_rate(self.target)

    def _is_rewritten(self, one: Held) -> bool:
        return not _equal(self.now.get(one.path, self.trial[one.name]), self.trial[one.name])

    def _is_named(self, one: Held) -> bool:
        return bool(_all_names(one) & set(self.given.names))

    def _all_there(self) -> None:
        known = {name for one in self.candidates for name in _all_names(one)} | set(self.inputs.arrays())
        if absent := [name for name in self.given.names if name not in known]:
            rows = [("arrays", ", ".join(f"{one.name} {np.shape(one.value)}" for one in self.candidates) or "(none)")]
            raise InputError(f"the object has no array {', '.join(absent)}\n{aligned(rows)}")

    def _returned(self, waiting: list[Held]) -> tuple[dict[str, tuple[Any, ...]], InputError | None]:
        unclear: InputError | None = None
        found: dict[str, tuple[Any, ...]] = {}
        for position, given in enumerate(self.returned):
            own = [one for one in waiting if one.path[0] == position or not isinstance(one.path[0], int)]
            own = [one for one in own if one.name not in found]
            beyond = self.reading.beside_inputs(given, position, len(self.inputs.positions))
            if not own or beyond is None:
                continue
            shapes = {one.name: np.shape(one.value) for one in own}
            # A dict may hold more than is looked at, such as the gradient of a bias before a normalisation.
            fitting = some_by_name(beyond, shapes) if isinstance(beyond, dict) else None
            fitting = fitting or gradients_in(beyond, shapes, alone=len(own) == 1)
            if fitting is None and isinstance(beyond, tuple) and len(self.returned) == 1:
                unclear = as_unclear(beyond, own)
            start = 0
            for name, gradient in (fitting or {}).items():
                where = place_of(gradient, given)
                if where is not None:
                    found[name] = (position, *where)
                elif isinstance(given, np.ndarray):
                    found[name] = (position, Piece(start, np.shape(gradient)))
                    start += np.size(gradient)
            if isinstance(beyond, dict):
                found |= {name: (position, *where) for name, where in self._numbers(beyond, given)}
        return found, unclear

    def _numbers(self, beyond: Mapping[Any, Any], given: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Single numbers of Python are parameters where a gradient has their name."""
        for one in self.candidates:
            if not one.is_array and not is_constant(one.path):
                found = some_by_name(beyond, {one.name: ()})
                where = place_of(found[one.name], given) if found else None
                if where is not None:
                    yield one.name, where

    def _by_value(self, waiting: list[Held], sources: Mapping[str, Source]) -> Iterator[tuple[str, Any]]:
        """Where neither name nor order says which gradient is whose, the values do, if they are right."""
        if not waiting:
            return
        known = {source.path for source in sources.values()}
        kept = {path: A for path, A in self.now.items() if path not in known and self._is_new(path, A)}
        found: dict[Any, Any] = {Source("kept", path): A for path, A in kept.items()}
        for position, given in enumerate(self.returned):
            found |= {(position, *path): A for path, A in arrays_in(given)}
        everything = {one.name: one for one in self.candidates}

        def loss(params: Mapping[str, Any], *data: Any) -> Any:
            target = copied(self.template)
            self._off_zero(target, self.held)
            for name, A in params.items():
                everything[name].load(target, A)
            return self.plan.loss_of(target, {}, *data)

        params = {one.name: self.trial[one.name] for one in waiting}
        yield from by_values(params, params, found, loss, self.data, self.given.seed)

    def _is_new(self, path: Any, A: Any) -> bool:
        return path not in self.after or not _equal(self.after[path], A)

    def _missing(self, one: Held) -> tuple[str, tuple[int, ...], str]:
        said = f"no gradient of {one.name} was found: looked for {looked_for(one)}"
        return one.name, np.shape(one.value), said

    def _is_stateful(self) -> bool:
        """Whether a second call with the same input gives another output: a state that is carried on."""
        target = copied(self.template)
        np.random.seed(self.given.seed % _SEEDS)
        values = []
        for _ in range(2):
            state = np.random.get_state()
            runs = ran("the forward pass", lambda: self.reading.run(target, fresh(list(self.given.arguments))))
            np.random.set_state(state)
            values.append([np.array(leaf) for out in runs[-1].outputs for leaf in leaves_of(out)])
        return not all(map(_equal, *values))

    def _checked_inputs(self, has_parameters: bool) -> tuple[dict[str, Any], list[Any], list[str]]:
        """The inputs that have a gradient; those that should have one; and what is said of the others."""
        arrays = self.inputs.arrays()
        if self.given.names:
            arrays = {name: A for name, A in arrays.items() if name in self.given.names}
        found = gradients_of_inputs(self.returned, self.target, self.inputs, arrays)
        found = {name: g for name, g in found.items() if shape_of(g) is not None and np.size(g)}
        without = [name for name in arrays if name not in found]
        missing: list[Any] = []
        notes: list[str] = []
        for name in without:
            if self._is_target(name):
                continue
            if has_parameters and not found and self._is_network():
                notes = ["the gradient with respect to the input is not given, and was not looked at"]
                continue
            looked = "what the backward pass returns, dinputs, dX, grad_input"
            missing.append((name, np.shape(arrays[name]), f"no gradient of the input was found: looked for {looked}"))
        return {name: A for name, A in arrays.items() if name in found}, missing, notes

    def _is_target(self, name: str) -> bool:
        """Whether an input is the target of a loss, or a mask: by its name, or as the last input of a loss."""
        position = next((k for k, own in self.inputs.positions.items() if name.startswith(own)), 0)
        names = parameters_of(passes_of(layers_of(self.target)[0])[0])
        called = names[position] if position < len(names) else ""
        last = position > 0 and self.reading.reduction != "upstream"
        return position > 0 and (called in TARGETS or "mask" in called or last)

    def _is_network(self) -> bool:
        """Whether a backward pass that returns nothing is that of a whole network, whose input is data."""
        parts = [one for layer in layers_of(self.target) for one in vars_of_parts(layer)]
        # A loss with parameters of its own is that of a whole network.
        if self.reading.reduction != "upstream":
            return True
        matrices = [one for one in self.candidates if np.ndim(one.value) > 1]
        return len(layers_of(self.target)) > 1 or bool(parts) or len(matrices) > 1


def vars_of_parts(layer: Any) -> list[Any]:
    """Return the layers that an object holds in its attributes, lists and dicts."""
    found = []
    for _, value in items(layer):
        parts = [value, *[part for _, part in items(value)]] if isinstance(value, dict | list | tuple) else [value]
        found += [part for part in parts if methods_of(part) is not None]
    return found


def _copies(target: Any) -> dict[Any, Any]:
    """The arrays of an object as they are now: the code under test may write into them."""
    return {path: np.array(A) for path, A in arrays_of(target).items()}


def _all_names(one: Held) -> set[str]:
    return {name for path in one.places for name in (named(path), str(path[-1]))}


def _is_zero(gradient: Any) -> bool:
    """Whether a gradient is zero but for rounding: that of an array which nothing depends on may be left out."""
    return bool(np.max(np.abs(gradient), initial=0.0) <= 1e-9)


def _within_rounding(a: Any, b: Any) -> bool:
    """Whether outputs differ by no more than rounding: a bias before a normalisation moves them by that alone."""
    if _equal(a, b):
        return True
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape or not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    return bool(np.max(np.abs(a - b), initial=0.0) <= _ROUNDING * np.max(np.abs(a), initial=0.0))


def _equal(a: Any, b: Any) -> bool:
    return bool(np.shape(a) == np.shape(b) and np.array_equal(np.asarray(a, dtype=float), np.asarray(b, dtype=float)))
