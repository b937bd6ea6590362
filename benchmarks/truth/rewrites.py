"""Trials from derivations: each with every mistake planted in its backward equations, and without any.

Loss and gradient are kernels printed from equations, with one equation or a few put in place of the right ones. A
rewrite that leaves every gradient with respect to a parameter as it is at the point, in balls, is no mistake there and
no trial.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.truth.trial import Trial
from symnn.derivation import Derivation
from symnn.equations import Equation
from symnn.kernels import Kernel, data_names, kernel_source
from symnn.library import load
from symnn.library.loading import names
from symnn.mistakes import Ground, Planted, planted
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE
from symnn.network import Network
from symnn.notation import SAMPLES, name_of
from symnn.scalars import array, ball, running
from symnn.verification import drawn
from symnn.verification.rewrites import sizes_of

BITS = 200
NETWORKS, PROGRAMS = "rewrites of networks", "rewrites of programs"
"""Dense networks can be described to `symnn.verify`; attention and the normalisations are programs, and cannot."""


@dataclass
class Planting:
    """A derivation at a drawn point: its kernel, and kernels of rewritten backward equations."""

    name: str
    derivation: Derivation
    network: Network | None
    arrays: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        program = self.derivation.program
        self.wanted = tuple(name_of(tensor) for tensor in program.parameters)
        rng = np.random.default_rng(3)
        self.arrays = drawn(program, self.derivation.sizes, rng)
        sizes = sizes_of(program, self.arrays)
        self.ground = Ground.of(self.derivation, self.network, sizes)
        self.samples = sizes.get(str(SAMPLES), 0)
        self.params = {name: self.arrays[name] for name in self.wanted}
        self.data = tuple(self.arrays[name] for name in data_names(program))

    def kernel(self, backward: Sequence[Equation]) -> Kernel:
        """Return the plain kernel of the loss and of what ``backward`` says the gradients are."""
        source = kernel_source(self.derivation.program, backward, self.wanted, stable=False, title="A trial.")
        kernel = Kernel(self.derivation.program, source, self.derivation.sizes)
        # Some mistakes look at one sample alone.
        numbers = np.arange(self.samples)
        kernel.function.__globals__[FIRST_SAMPLE] = (numbers == 0).astype(int)
        kernel.function.__globals__[LAST_SAMPLE] = (numbers == self.samples - 1).astype(int)
        return kernel

    def with_mistake(self, one: Planted) -> Kernel:
        """Return the kernel with the equations of a mistake in place of the right ones."""
        backward: list[Equation] = []
        for equation in self.ground.equations:
            backward += [*one.ahead.get(equation.name, ()), one.instead.get(equation.name, equation)]
        return self.kernel(backward)

    def digits(self, kernel: Kernel) -> tuple[str, ...]:
        """Return every gradient entry to 40 digits: what tells one rewrite from another."""
        system = ball(BITS)
        with running(system):
            params = {name: array(A, system) for name, A in self.params.items()}
            _, grads = kernel.function(params, *[array(A, system) for A in self.data])
            # A gradient left at zero is a plain number; zero times a ball is a ball.
            balls = [np.broadcast_to(grads[name] + 0 * params[name], params[name].shape) for name in self.wanted]
            return tuple(x.value.str(40, radius=False) for A in balls for x in A.ravel().tolist())

    def trial(self, name: str, kernel: Kernel, **truth: Any) -> Trial:
        """Return the trial of a kernel's gradients beside its loss."""

        def loss(params: Any, *data: Any) -> Any:
            return kernel.function(params, *data)[0]

        def grad(params: Any, *data: Any) -> Any:
            grads = kernel.function(params, *data)[1]
            return {name: grads[name] + 0 * params[name] for name in params}

        full = f"{self.name}: {name}"
        group = PROGRAMS if self.network is None else NETWORKS
        return Trial(group, full, loss, grad, self.params, self.data, network=self.network, **truth)


def trials_of(planting: Planting) -> Iterator[Trial]:
    """Yield the derivation itself, and every rewrite of it that changes a gradient with respect to a parameter."""
    right = planting.kernel(planting.ground.equations)
    exact = planting.digits(right)
    yield planting.trial("as derived", right)
    seen: dict[tuple[str, ...], list[str]] = {}
    rewritten = []
    for one in planted(planting.ground):
        kernel = planting.with_mistake(one)
        digits = planting.digits(kernel)
        seen.setdefault(digits, []).append(one.said)
        rewritten.append((one, kernel, digits))
    for one, kernel, digits in rewritten:
        if digits != exact:
            yield planting.trial(one.said, kernel, wrong=True, names=frozenset(seen[digits]))


def rewrites() -> Iterator[Trial]:
    """Yield every rewrite of every derivation of the folder, its hand-written code, and itself."""
    for name in names():
        example = load(name)
        network = example.source if isinstance(example.source, Network) else None
        params, data = example.arguments
        group = PROGRAMS if network is None else NETWORKS
        yield Trial(group, f"{name}: by hand", example.loss, example.grad, params, data, network=network)
        yield from trials_of(Planting(name, example.derivation, network))
