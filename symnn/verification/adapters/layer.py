"""A layer, or a list of layers, with a forward and a backward pass and no loss: ``verify(layer, X)``.

Fits objects with ``forward``/``backward``, ``forward_pass``/``backward_pass`` and the like, that keep parameters as
attributes (``weights``, ``W``) or in a dict (``params["W"]``) and gradients as attributes (``dweights``, ``dW``), in a
dict (``grads["W"]``, ``gradients["dW"]``), return them (``dX, dW, db``), or update by a learning rate. The loss is Σ
upstream ⊙ forward(X) with a random upstream gradient; the gradient with respect to the input is checked beside the
parameters'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.verification.adapters.found import Source, from_returned, is_gradient, is_known, kept_for, steady
from symnn.verification.adapters.objects import Path, arrays_of, code_of, copied, named, put
from symnn.verification.adapters.passes import (
    backward,
    forward,
    handed_on,
    layers_of,
    methods_of,
    modes,
    reset,
    set_rates,
    updates_itself,
)
from symnn.verification.adapters.shape import PASSES, Code, Given, is_numbers, ran, upstream_for
from symnn.verification.calling import fresh
from symnn.verification.structure import Parameters, flatten, parameters
from symnn.verification.subject import Missing, Subject

INPUT = "X"
"""What the input of a layer is called in a verdict."""

_REWIND = 2**32 - 1


@dataclass(frozen=True)
class _Plan:
    """How a layer is run: the object to copy, its inputs, and where parameters and gradients are."""

    template: Any
    arguments: tuple[Any, ...]
    inputs: Parameters
    parameters: Mapping[str, Path]
    sources: Mapping[str, Source]

    def loss(self, params: Mapping[str, Any], upstream: Any) -> Any:
        """Return Σ upstream ⊙ output."""
        output, _ = forward(self._loaded(copied(self.template), params), self._inputs(params))
        return np.sum(upstream * output)

    def grad(self, params: Mapping[str, Any], upstream: Any) -> dict[str, Any]:
        """Return the gradients that the backward pass gives."""
        return self.grad_of(copied(self.template), params, upstream)

    def grad_of(self, target: Any, params: Mapping[str, Any], upstream: Any) -> dict[str, Any]:
        """Return the gradients that the backward pass of one object gives, which keeps its state."""
        self._loaded(target, params)
        set_rates(target)
        before = {name: params[name] for name in self.sources}
        _, caches = forward(target, self._inputs(params))
        returned = backward(target, upstream, caches)
        found = {name: s.read(target, returned, before[name]) for name, s in self.sources.items()}
        inputs = _input_gradients(returned[0], layers_of(target)[0], list(self.inputs.arrays))
        return found | inputs

    def _loaded(self, target: Any, params: Mapping[str, Any]) -> Any:
        updating = updates_itself(target)
        for name, path in self.parameters.items():
            # An update in place is this layer's way, and must not reach the parameters given.
            put(target, path, fresh(params[name]) if updating else params[name])
        return target

    def _inputs(self, params: Mapping[str, Any]) -> list[Any]:
        rebuilt = self.inputs.rebuild({name: params[name] for name in self.inputs.arrays})
        return [rebuilt[str(k)] if str(k) in rebuilt else fresh(one) for k, one in enumerate(self.arguments)]


class LayerAdapter:
    """A row of the table of adapters."""

    shape = "verify(layer, X): an object, or a list of them, with forward and backward passes"

    def fits(self, given: Given) -> bool:
        """Return whether the target is a layer, or a list of layers, and its input is given."""
        layers = layers_of(given.target) if not isinstance(given.target, type) else []
        if not layers or not given.arguments or any(isinstance(one, type) or methods_of(one) is None for one in layers):
            return False
        return not any(map(callable, given.arguments))

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ forward(X) and the gradients of the backward pass; raise `InputError` as documented."""
        inputs = _inputs(given.arguments)
        plain = fresh(list(given.arguments))
        target = copied(given.target)
        set_rates(target)
        before = arrays_of(target)

        def forwards() -> Any:
            # Parameters drawn by the first forward pass are to be the same every time.
            np.random.seed(given.seed % _REWIND)
            return forward(target, plain)

        output, caches = ran("the forward pass", forwards)
        if not is_numbers(np.asarray(output)):
            seen = f"{type(output).__name__} {str(output)[:40]!r}"
            raise InputError(f"the forward pass must return an array of floats, given {seen}")
        kept = steady(target, before)
        made = {path for path in arrays_of(target) if path not in before and is_known(path)}
        template = _as_made(target) if made else copied(given.target)
        steady_ones = {path: A for path, A in arrays_of(target).items() if path in kept | made}
        candidates = {path: np.array(A) for path, A in steady_ones.items() if not is_gradient(path)}
        upstream = upstream_for(output, given.seed)
        returned = ran("the backward pass", lambda: backward(target, np.array(upstream)[()], caches))
        sources = _sources(target, returned, candidates, given.names, len(inputs.arrays))
        names = _names(sources, inputs.arrays)
        plan = _Plan(
            template,
            given.arguments,
            inputs,
            {name: path for path, name in names.items()},
            {name: sources[path] for path, name in names.items() if path in sources},
        )
        params = {name: candidates[path] for path, name in names.items()} | inputs.arrays
        forgotten = [path for path in candidates if is_known(path) and path not in sources]
        missing = [
            Missing(named(path), candidates[path].shape, f"your layer gives no gradient of {named(path)}")
            for path in forgotten
            if _matters(plan, path, candidates[path], params, upstream)
        ]
        first = _input_gradients(returned[0], layers_of(target)[0], list(inputs.arrays))
        for name in [name for name in inputs.arrays if first.get(name) is None]:
            missing.append(Missing(name, inputs.arrays[name].shape, "your layer gives no gradient of its input"))
            del params[name]
        if not params and not missing:
            raise InputError("the layer has neither parameters nor a float input: there is nothing to check")
        return _adapted(plan, params, upstream, tuple(missing))


def _adapted(plan: _Plan, params: Mapping[str, Any], upstream: Any, missing: tuple[Missing, ...]) -> Subject:
    constant = {name: A for name, A in plan.inputs.arrays.items() if name not in params}
    code = code_of(plan.template)

    def loss(given: Mapping[str, Any], upstream: Any) -> Any:
        return plan.loss({**constant, **given}, upstream)

    def grad(given: Mapping[str, Any], upstream: Any) -> Any:
        found = plan.grad({**constant, **given}, upstream)
        return {name: found[name] for name in params}

    def again() -> tuple[Any, Any]:
        target = copied(plan.template)

        def once_more(given: Mapping[str, Any], upstream: Any) -> Any:
            reset(target)
            found = plan.grad_of(target, {**constant, **given}, upstream)
            return {name: found[name] for name in params}

        return loss, once_more

    notes = ["the upstream gradient is random, the loss Σ upstream ⊙ output"]
    notes += [f"checked with {one}" for one in modes(plan.template)]
    notes += [f"{one} was called before every forward pass" for one in reset(copied(plan.template))]
    return Subject(
        Code(loss, code),
        Code(grad, code),
        parameters(dict(params)) if params else Parameters({}, {}),
        (upstream,),
        shape=LayerAdapter.shape,
        notes=tuple(notes),
        words=PASSES,
        missing=missing,
        again=again,
    )


def _inputs(arguments: tuple[Any, ...]) -> Parameters:
    """The inputs that are float arrays, by name; integers and switches are no parameters."""
    floats = {
        str(k): one
        for k, one in enumerate(arguments)
        if is_numbers(one) or (type(one) in (list, tuple) and one and all(map(is_numbers, one)))
    }
    arrays: dict[str, Any] = {}
    tree: dict[str, tuple[str, Any]] = {}
    for key, one in floats.items():
        name = INPUT if len(floats) == 1 else f"{INPUT}{int(key) + 1}"
        arrays |= {leaf: np.array(A, dtype=np.float64) for leaf, A in flatten({name: one}).items()}
        tree[key] = (name, one)
    return _Named(arrays, tree)


class _Named(Parameters):
    """Inputs by position, with the names that a verdict calls them by."""

    def rebuild(self, arrays: Mapping[str, Any]) -> Any:
        """Return the inputs by position."""
        return {
            key: [arrays[leaf] for leaf in flatten({name: one})] if type(one) in (list, tuple) else arrays[name]
            for key, (name, one) in self.tree.items()
        }


def _as_made(target: Any) -> Any:
    """A layer whose parameters its first forward pass has made, with nothing else of that pass."""
    made = copied(target)
    reset(made)
    return made


def _sources(
    target: Any, returned: list[Any], candidates: Mapping[Path, Any], names: tuple[str, ...], inputs: int
) -> dict[Path, Source]:
    kept = arrays_of(target)
    found: dict[Path, Source] = {}
    for path, before in candidates.items():
        where = kept_for(path, kept)
        if where is not None:
            found[path] = Source("kept", where)
        elif updates_itself(target) and is_known(path) and not np.array_equal(kept.get(path, before), before):
            found[path] = Source("step", path)
    for position, given in enumerate(returned):
        own = {path: A for path, A in candidates.items() if path[:1] == (position,) or not isinstance(path[0], int)}
        found |= _returned(given, own, names, found, position, inputs if position == 0 else 1)
    return found


def _returned(
    given: Any,
    own: Mapping[Path, Any],
    names: tuple[str, ...],
    found: Mapping[Path, Source],
    position: int,
    inputs: int,
) -> dict[Path, Source]:
    chosen = {path: A for path, A in own.items() if (named(path) in names or path[-1] in names) or not names}
    if names:
        order = {name: k for k, name in enumerate(names)}
        chosen = dict(sorted(chosen.items(), key=lambda item: order.get(named(item[0]), order.get(item[0][-1], 0))))
    elif isinstance(given, tuple | list | dict):
        chosen = {path: A for path, A in chosen.items() if is_known(path) and path not in found}
    if isinstance(given, dict):
        return from_returned(given, chosen, (position,))
    if not isinstance(given, tuple) or len(given) <= inputs:
        return {}
    beyond: Any = given[inputs:]
    if len(beyond) == 1 and isinstance(beyond[0], dict):
        return from_returned(beyond[0], chosen, (position, inputs))
    if len(beyond) == 1 and isinstance(beyond[0], tuple | list):
        return from_returned(beyond[0], chosen, (position, inputs, 0))
    return from_returned(beyond, chosen, (position, inputs))


def _input_gradients(given: Any, layer: Any, names: list[str]) -> dict[str, Any]:
    """The gradients with respect to the inputs of the first layer, None where it gives none."""
    if len(names) == 1:
        if isinstance(given, dict):
            own = [given[key] for key in ("dX", "dx", "X", "dinputs", "dinput", "inputs") if key in given]
            return {names[0]: own[0] if own else handed_on(None, layer)}
        return {names[0]: handed_on(given, layer)}
    many = list(given) if isinstance(given, list | tuple) else []
    return {name: many[k] if k < len(many) else None for k, name in enumerate(names)}


def _names(sources: Mapping[Path, Source], inputs: Mapping[str, Any]) -> dict[Path, str]:
    """The shortest name of each parameter that is its own."""
    last = [str(path[-1]) for path in sources]
    return {
        path: short if isinstance(path[-1], str) and last.count(short) == 1 and short not in inputs else named(path)
        for path, short in zip(sources, last, strict=True)
    }


def _matters(plan: _Plan, path: Path, A: Any, params: Mapping[str, Any], upstream: Any) -> bool:
    """Whether the loss depends on an array at all."""
    moved = copied(plan.template)
    values = []
    for shift in (0.0, 0.125):
        target = copied(moved)
        put(target, path, A + shift)
        trial = _Plan(target, plan.arguments, plan.inputs, plan.parameters, plan.sources)
        values.append(ran("the forward pass", trial.loss, dict(params), upstream))
    return bool(values[0] != values[1])
