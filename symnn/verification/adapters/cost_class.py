"""A network as one class with a cost and its gradients: ``verify(network, X, y)``.

Fits objects with ``costFunction`` and ``costFunctionPrime``, ``cost`` and ``cost_prime``, ``loss`` and ``grad`` and
the like, both called with the data. Parameters are the float arrays of the object that the gradients belong to: in the
order in which the object has them, unless the shapes or names of the gradients say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symnn.errors import InputError, aligned
from symnn.verification.adapters.found import steady
from symnn.verification.adapters.objects import Path, arrays_of, code_of, copied, named, put
from symnn.verification.adapters.passes import modes
from symnn.verification.adapters.shape import Code, Given, ran
from symnn.verification.naming import matched
from symnn.verification.structure import flatten, parameters
from symnn.verification.subject import Subject

COSTS: tuple[tuple[str, str], ...] = (
    ("costFunction", "costFunctionPrime"),
    ("cost_function", "cost_function_prime"),
    ("costFunction", "costFunctionGradient"),
    ("cost", "cost_prime"),
    ("cost", "costPrime"),
    ("cost", "gradients"),
    ("cost", "gradient"),
    ("cost", "grad"),
    ("loss", "loss_prime"),
    ("loss", "gradients"),
    ("loss", "gradient"),
    ("loss", "grad"),
    ("compute_loss", "compute_gradients"),
    ("compute_cost", "compute_gradients"),
    ("compute_loss", "compute_gradient"),
    ("compute_cost", "compute_gradient"),
    ("objective", "gradient"),
)
"""What a cost and its gradients are called."""


class CostClassAdapter:
    """A row of the table of adapters."""

    shape = "verify(network, X, y): an object with costFunction and costFunctionPrime"

    def fits(self, given: Given) -> bool:
        """Return whether the target has a cost and its gradients by names that are known."""
        return not isinstance(given.target, type) and bool(given.arguments) and _methods(given.target) is not None

    def adapt(self, given: Given) -> Subject:
        """Return the cost and its gradients as functions of the parameters; raise `InputError` where unclear."""
        cost, prime = _methods(given.target) or ("", "")
        target = copied(given.target)
        before = arrays_of(target)

        def run(*data: Any) -> Any:
            getattr(target, cost)(*data)
            return getattr(target, prime)(*data)

        gradients = ran(prime, run, *given.arguments)
        candidates = {path: np.array(before[path]) for path in before if path in steady(target, before)}
        # A cost that comes back with the gradients is no gradient.
        if isinstance(gradients, tuple) and len(gradients) == 2 and np.size(gradients[0]) == 1:
            gradients = gradients[1] if not isinstance(gradients[1], float) else gradients
        trained = _parameters(candidates, gradients, given.names, prime)
        paths = {named(path): path for path in trained}

        def loaded(target: Any, params: Mapping[str, Any]) -> Any:
            for name, path in paths.items():
                put(target, path, params[name])
            return target

        def loss(params: Mapping[str, Any], *data: Any) -> Any:
            return getattr(loaded(copied(given.target), params), cost)(*data)

        def grad_of(target: Any, params: Mapping[str, Any], *data: Any) -> Any:
            # As it is used: the forward pass of the cost goes first.
            getattr(loaded(target, params), cost)(*data)
            return getattr(target, prime)(*data)

        def grad(params: Mapping[str, Any], *data: Any) -> Any:
            return grad_of(copied(given.target), params, *data)

        def again() -> tuple[Any, Any]:
            target = copied(given.target)
            return (
                lambda params, *data: getattr(loaded(target, params), cost)(*data),
                lambda params, *data: grad_of(target, params, *data),
            )

        code = code_of(given.target)
        notes = tuple(f"checked with {one}" for one in modes(given.target))
        return Subject(
            Code(loss, code),
            Code(grad, code),
            parameters({name: candidates[path] for name, path in paths.items()}),
            given.arguments,
            shape=self.shape,
            notes=notes,
            again=again,
            words=(cost, prime),
        )


def _methods(target: Any) -> tuple[str, str] | None:
    for names in COSTS:
        if all(callable(getattr(target, name, None)) for name in names):
            return names
    return None


def _parameters(candidates: Mapping[Path, Any], gradients: Any, names: tuple[str, ...], prime: str) -> list[Path]:
    """The parameters that the gradients belong to, in the order of the gradients."""
    texts = {named(path): path for path in candidates}
    found = flatten(gradients) if gradients is not None else {}
    if names:
        if absent := [name for name in names if name not in texts]:
            raise InputError(_unclear(f"the object has no array {', '.join(absent)}", found, candidates, prime))
        return [texts[name] for name in names]
    by_name = [path for name, path in texts.items() if isinstance(gradients, dict) and matched([name], found)]
    if by_name and len(by_name) >= len(found):
        return by_name
    shapes = [np.shape(g) for g in found.values()]
    if (
        len(shapes) == 1
        and len(candidates) > 1
        and np.size(next(iter(found.values()))) == sum(A.size for A in candidates.values())
    ):
        return list(candidates)
    if len(candidates) == len(shapes):
        own = [A.shape for A in candidates.values()]
        if own != shapes and len(set(own)) == len(own) and set(own) == set(shapes):
            return sorted(candidates, key=lambda path: shapes.index(candidates[path].shape))
        return list(candidates)
    fitting = [[path for path, A in candidates.items() if A.shape == shape] for shape in shapes]
    if fitting and all(len(paths) == 1 for paths in fitting) and len({p[0] for p in fitting}) == len(fitting):
        return [paths[0] for paths in fitting]
    raise InputError(_unclear("it is not clear which arrays the gradients belong to", found, candidates, prime))


def _unclear(what: str, found: Mapping[str, Any], candidates: Mapping[Path, Any], prime: str) -> str:
    rows = [("arrays", ", ".join(f"{named(path)} {A.shape}" for path, A in candidates.items()) or "(none)")]
    rows += [(prime, ", ".join(str(np.shape(g)) for g in found.values()) or "(nothing)")]
    return f'{what}\n{aligned(rows)}\nsay which, in the order of the gradients: names=("W1", "W2")'
