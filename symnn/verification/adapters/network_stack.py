"""Layers, or an object that holds them, and the network that they are meant to be: ``verify(layers, network=net)``.

The loss is that of the network described, computed from its equations; the gradients are those of the hand-written
layers, which get the exact upstream gradient of the last output, or begin at their own loss if they have one. Which
arrays are the weights and biases of which layer is told by shape and order, whatever they are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.derivation import Derivation, derive
from symnn.errors import InputError
from symnn.kernels import evaluate
from symnn.network import Network
from symnn.notation import adjoint_name, name_of
from symnn.verification.adapters.cost_class import CostClassAdapter, costs_of
from symnn.verification.adapters.inputs import INPUT
from symnn.verification.adapters.layer import passes_read
from symnn.verification.adapters.objects import code_of, copied
from symnn.verification.adapters.passes import methods_of
from symnn.verification.adapters.places import Held
from symnn.verification.adapters.plan import Tracked
from symnn.verification.adapters.shape import Code, Given
from symnn.verification.drawing import drawn
from symnn.verification.structure import parameters
from symnn.verification.subject import Described, Missing, Subject

LOSS = "L"
"""What the value of the loss is called in a verdict."""

SHAPE = "verify(layers, network=net): layers and the network they are meant to be"


@dataclass(frozen=True)
class Role:
    """An array of the layers as a parameter of the network: its own name, where it is held, and how it lies there."""

    own: str
    held: Held
    turned: bool

    def placed(self, A: Any) -> Any:
        """Return a parameter of the network in the shape that the layers keep it in."""
        shape = np.shape(self.held.value)
        return A.T if self.turned else A if A.shape == shape else A.reshape(shape)

    def back(self, gradient: Any, shape: tuple[int, ...]) -> Any:
        """Return a gradient of the shape of the layers' array as one of the network's parameter, any other as it is."""
        if np.shape(gradient) != np.shape(self.held.value):
            return gradient
        return gradient.T if self.turned else gradient if np.shape(gradient) == shape else gradient.reshape(shape)


def stack_subject(target: Any, network: Network, seed: int) -> Subject:
    """Return layers as a subject; raise `InputError` if they are not those of the network."""
    derivation = derive(network, rewrites=False)
    arrays = drawn(derivation.program, derivation.sizes, np.random.default_rng([seed, 0]))
    X, Y = arrays[INPUT], next(A for name, A in arrays.items() if name in map(name_of, derivation.program.targets))
    whole = None if isinstance(target, list | tuple) else target
    layers = list(target if whole is None else getattr(target, "layers", None) or [target])
    if whole is not None and layers == [whole] and methods_of(whole) is None:
        raise InputError(_unlike(network, 0))
    for layer in layers:
        if methods_of(layer) is None and not (whole is layer and hasattr(whole, "layers")):
            wanted = "no forward_pass and backward_pass, nor forward and backward"
            raise InputError(f"{type(layer).__name__} has {wanted}: it is no layer")
    given = Given(target, (X, Y), seed=seed)
    if whole is not None and CostClassAdapter().fits(given):
        found, has_loss = costs_of(given), True
    else:
        _count(layers, network)
        found, has_loss = passes_read(Given(layers, (X,), seed=seed)), False
    return _Stack(network, derivation, found, has_loss, Y).subject(arrays)


def _count(layers: list[Any], network: Network) -> None:
    if not layers or all(methods_of(layer) is None for layer in layers):
        raise InputError(_unlike(network, 0))


def _unlike(network: Network, mine: int) -> str:
    return (
        f"the network has {len(network.layers)} dense layers, yours {mine} with weights: "
        "give the layers of that network, in order"
    )


def described_stack(network: Network, fixed: Mapping[str, Any], Y: Any, supplied: tuple[str, ...]) -> Described:
    """Return a stack of layers as the network described; ``fixed`` are the arrays whose gradients are not given."""
    return Described(
        network,
        derive(network, rewrites=False),
        lambda point: {**fixed, **{n: A for n, A in point.items() if n != LOSS}, "Y": Y},
        lambda found, point: {n: g / point.get(LOSS, 1) for n, g in found.items() if n != LOSS},
        supplied,
        fixed=fixed,
    )


class _Stack:
    """A network described, and hand-written layers read as its own."""

    def __init__(self, network: Network, derivation: Derivation, found: Tracked, has_loss: bool, Y: Any) -> None:
        self.network, self.derivation, self.found, self.has_loss, self.Y = network, derivation, found, has_loss, Y
        self.program = derivation.program
        self.plan = found.plan
        held = {**self.plan.parameters, **{one.name: one for one in found.left}}
        self.roles = _roles(held, network, {name_of(p): self._shape(name_of(p)) for p in self.program.parameters})

    def _shape(self, name: str) -> tuple[int, ...]:
        sizes = {str(axis): size for axis, size in self.derivation.sizes.items()}
        return tuple(int(sizes.get(str(axis), str(axis))) for axis in self.program.shapes[name])

    def subject(self, arrays: Mapping[str, Any]) -> Subject:
        """Return the subject at arrays drawn."""
        own = {name_of(parameter) for parameter in self.program.parameters}
        without = {role.own: role for role in self.roles if role.held.name in {one.name for one in self.found.left}}
        checked = [name for name in arrays if name in own and name not in without]
        params = {name: arrays[name] for name in checked}
        fixed = {name: arrays[name] for name in own - set(checked)}
        missing = tuple(Missing(n, np.shape(arrays[n]), "your layers set no such gradient") for n in without)
        if self._gives_input_gradient():
            params[INPUT] = arrays[INPUT]
        else:
            fixed[INPUT] = arrays[INPUT]
        if self.has_loss:
            params[LOSS] = np.array(1.0)
        code = code_of(self.plan.template)
        (prediction,) = (n for n in self.program.equations[-1].reads if n in self.program.definitions)
        upstream = adjoint_name(prediction)

        def described(params: Mapping[str, Any]) -> dict[str, Any]:
            return {name: params.get(name, fixed.get(name)) for name in own}

        def loss(params: Mapping[str, Any], Y: Any) -> Any:
            X = params.get(INPUT, fixed.get(INPUT))
            value = evaluate(self.program, self.derivation.sizes, described(params), (X, Y))
            # The slope of a loss along a factor of its own is its value: so that is checked like any gradient.
            return value[name_of(self.program.loss)] * params.get(LOSS, 1)

        def grad(params: Mapping[str, Any], Y: Any) -> dict[str, Any]:
            return self._gradients(copied(self.plan.template), params, fixed, Y, upstream)

        return Subject(
            Code(loss, code),
            Code(grad, code),
            parameters(params),
            (self.Y,),
            shape=SHAPE,
            notes=self.found.notes,
            missing=missing,
            words=("the loss described", "the stack of layers", "the targets"),
            described=described_stack(self.network, fixed, self.Y, () if self.has_loss else (upstream,)),
        )

    def _gives_input_gradient(self) -> bool:
        return self.has_loss or INPUT in self.found.parameters

    def _gradients(
        self, target: Any, params: Mapping[str, Any], fixed: Mapping[str, Any], Y: Any, upstream: str
    ) -> dict[str, Any]:
        every = {**fixed, **params}
        X = every[INPUT]
        for role in self.roles:
            role.held.load(target, role.placed(every[role.own]).copy())
        placed = {name: role.placed(every[role.own]) for name, role in self._by_plan_name().items()}
        if self.has_loss:
            found, value, below = self.plan.values_of(target, placed, X.copy(), Y.copy())
            found = {**found, LOSS: value, INPUT: below}
            factor = params[LOSS]
        else:
            own = {name: every[name] for name in map(name_of, self.program.parameters)}
            exact = self.derivation.evaluate(own, X, Y)[upstream]
            found, factor = self.plan.grad_of(target, {**placed, INPUT: X.copy()}, exact.copy()), 1
        result = {name: found.get(name) for name in (INPUT, LOSS) if name in params}
        for name, role in self._by_plan_name().items():
            if role.own in params:
                result[role.own] = role.back(found[name], np.shape(every[role.own]))
        return {n: g if n == LOSS or not self.has_loss or g is None else g * factor for n, g in result.items()}

    def _by_plan_name(self) -> dict[str, Role]:
        return {name: role for name, held in self.plan.parameters.items() for role in self.roles if role.held is held}


def _roles(held: Mapping[str, Held], network: Network, shapes: Mapping[str, tuple[int, ...]]) -> list[Role]:
    """Which array is the weights or biases of which layer, by shape and order; raise `InputError` where none fits."""
    arrays = sorted((one for one in held.values() if one.is_array), key=lambda one: _layer_of(one))
    matrices = [one for one in arrays if np.ndim(one.value) == 2 and 1 not in np.shape(one.value)]
    matrices = _among(matrices, arrays, len(network.layers), shapes)
    if len(matrices) != len(network.layers):
        raise InputError(_unlike(network, len(matrices)))
    turned = [_is_turned(one, shapes[f"W{k}"]) for k, one in enumerate(matrices, start=1)]
    # A square matrix lies as the others do.
    lies = next((way for way in turned if way is not None), False)
    roles = []
    left = [one for one in arrays if not any(one is matrix for matrix in matrices)]
    for k, (one, way) in enumerate(zip(matrices, turned, strict=True), start=1):
        roles.append(Role(f"W{k}", one, lies if way is None else way))
        size = int(np.prod(shapes.get(f"b{k}", (shapes[f"W{k}"][0],))))
        near = [b for b in left if b.value.size == size and _layer_of(b) == _layer_of(one)]
        bias = near[0] if near else None
        if bias is not None and not network.layers[k - 1].bias:
            raise InputError(f"dense layer {k} has biases, but the network says bias=False there")
        if bias is not None:
            roles.append(Role(f"b{k}", bias, False))
            left = [one for one in left if one is not bias]
    return roles


def _among(matrices: list[Held], arrays: list[Held], wanted: int, shapes: Mapping[str, tuple[int, ...]]) -> list[Held]:
    """The weights where some have one input or one output, and look like biases: by the shapes of the network."""
    if len(matrices) == wanted:
        return matrices
    found: list[Held] = []
    for k in range(1, wanted + 1):
        shape = shapes[f"W{k}"]
        fitting = [one for one in arrays if np.shape(one.value) in (shape, shape[::-1]) and one not in found]
        # What stands beside the weights before may be their biases; what lies as the network has it is meant first.
        beside = _layer_of(found[-1]) if found else None
        fitting.sort(key=lambda one: (_layer_of(one) == beside, np.shape(one.value) != shape))
        found += fitting[:1]
    return found if len(found) == wanted and len(matrices) <= wanted else matrices


def _layer_of(one: Held) -> tuple[str, ...]:
    """What stands before the name of an array: arrays of one layer have it in common, and sort in order."""
    return tuple(f"{step:06d}" if isinstance(step, int) else str(step) for step in one.path[:-1])


def _is_turned(one: Held, shape: tuple[int, ...]) -> bool | None:
    own = np.shape(one.value)
    return None if own == shape == shape[::-1] else own == shape[::-1] and own != shape
