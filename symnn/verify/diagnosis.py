"""Name the mistake: try every small rewrite of the derivation, and pairs of them, at certified precision.

A rewrite whose gradients agree with the ones under test in every array, ball by ball, says what was done instead of the
right thing. No rewrite that agrees, no diagnosis: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

import numpy as np

from symnn.derive import Derivation, derive
from symnn.equations import Equation
from symnn.errors import UndecidedError
from symnn.kernels import arguments, extend, needed
from symnn.network import Network
from symnn.notation import adjoint_name
from symnn.scalars import DEFAULT_BITS, array, ball, overlaps, running
from symnn.scalars.lifting import lift
from symnn.verify.directional import Pair, Probe
from symnn.verify.evidence import Diagnosis
from symnn.verify.mistakes import Ground, Planted, planted
from symnn.verify.points import points
from symnn.verify.structure import parameters

MOST_LEADS = 6
"""How many single mistakes that explain some arrays are tried together with a second one."""

LARGEST_FOR_PAIRS = 5000
"""Up to how many entries in all gradients pairs of mistakes are tried; beyond, they would take minutes."""

POINTS = 2
"""At how many points a mistake is looked for; the first may lie on a kink or hide it behind a zero."""


def diagnose(
    derivation: Derivation,
    network: Network | None,
    arrays: Mapping[str, Any],
    yours: Mapping[str, Any],
    bits: int,
    supplied: Collection[str] = (),
) -> Diagnosis:
    """Return the mistake, or an empty diagnosis where no rewrite explains every array.

    ``arrays`` holds parameters, inputs and targets as balls, ``yours`` the gradients under test by the names of their
    parameters, as balls of any shape. Gradients that were ``supplied`` to the code under test are not its mistake.
    """
    if not yours:
        return Diagnosis()
    trial = _Trial(Ground.of(derivation, network), arrays, yours, bits, supplied)
    with running(ball(bits)):
        return Diagnosis("" if trial.is_right else trial.shape() or trial.single() or trial.double())


def diagnose_pair(
    loss: Callable[..., Any], grad: Callable[..., Any], params: Any, data: tuple[Any, ...], network: Network, seed: int
) -> Diagnosis:
    """Return the mistake in a gradient that is known to be wrong, given the network that the loss belongs to.

    Raises `InputError` if the parameters are not named and shaped as those of the network.
    """
    derivation = derive(network)
    found = parameters(params)
    arrays = arguments(derivation.program, derivation.sizes, found.arrays, data)
    for _, point in islice(points(found.arrays, seed), POINTS):
        probe = Probe(Pair(loss, grad, found, data), point, DEFAULT_BITS)
        with suppress(UndecidedError):
            balls = {name: array(point.get(name, A), ball(DEFAULT_BITS)) for name, A in arrays.items()}
            if found := diagnose(derivation, network, balls, probe.gradient, DEFAULT_BITS):
                return found
    return Diagnosis()


class _Trial:
    """The gradients under test beside those of every rewrite, at one point."""

    def __init__(
        self,
        ground: Ground,
        arrays: Mapping[str, Any],
        yours: Mapping[str, Any],
        bits: int,
        supplied: Collection[str],
    ) -> None:
        self.program = ground.derivation.program
        self.equations = ground.equations
        self.yours = yours
        self.candidates = [one for one in planted(ground) if not set(one.instead) & set(supplied)]
        self.explained: dict[str, set[str]] = {}
        with running(ball(bits)):
            self.values = extend(self.program, arrays, self.program.equations)
            self.right = extend(self.program, self.values, self.equations)

    @property
    def is_right(self) -> bool:
        """Whether there is no mistake to name."""
        return self._matches(self.right) == set(self.yours)

    def shape(self) -> str:
        """Name a gradient that is right but for its shape: transposed, or a bias whose samples are not added up."""
        said = []
        for name, mine in self.yours.items():
            exact = self.right[adjoint_name(name)]
            if _same(mine, exact):
                continue
            if mine.ndim == 2 and _same(mine.T, exact):
                said.append(f"the gradient by {name} is transposed")
            elif mine.shape != exact.shape and (summed := self._unsummed(name, mine)):
                said.append(summed)
            else:
                return ""
        return "; ".join(said)

    def single(self) -> str:
        """Return the one mistake that explains every array."""
        for one in self.candidates:
            self.explained[one.said] = self._matches(self._gradients([one]))
            if self.explained[one.said] == set(self.yours):
                return one.said
        return ""

    def double(self) -> str:
        """Return two mistakes that together explain every array: leads that explain some, with any second."""
        if sum(np.size(mine) for mine in self.yours.values()) > LARGEST_FOR_PAIRS:
            return ""
        already = self._matches(self.right)
        leads = sorted(
            (one for one in self.candidates if self.explained[one.said] - already),
            key=lambda one: -len(self.explained[one.said]),
        )
        for lead in leads[:MOST_LEADS]:
            for other in self._apart_from(lead):
                if self._matches(self._gradients([lead, other])) == set(self.yours):
                    return f"{lead.said}; and {other.said}"
        return ""

    def _apart_from(self, lead: Planted) -> Iterator[Planted]:
        return (one for one in self.candidates if not set(one.instead) & set(lead.instead))

    def _gradients(self, mistakes: list[Planted]) -> Mapping[str, Any]:
        """Return the gradients with mistakes planted, computing anew only what they touch."""
        instead = {name: equation for one in mistakes for name, equation in one.instead.items()}
        touched: set[str] = set()
        changed: list[Equation] = []
        for equation in self.equations:
            planted_here = instead.get(equation.name, equation)
            if equation.name in instead or touched & set(planted_here.reads):
                touched.add(equation.name)
                changed.append(planted_here)
        wanted = [adjoint_name(name) for name in self.yours]
        kept = needed(changed, wanted)
        return {**self.right, **extend(self.program, self.right, kept)}

    def _matches(self, gradients: Mapping[str, Any]) -> set[str]:
        return {name for name, mine in self.yours.items() if _same(mine, gradients[adjoint_name(name)])}

    def _unsummed(self, name: str, mine: Any) -> str:
        """Tell whether a gradient is the upstream gradient itself, not yet summed over the samples."""
        for equation in self.program.uses[name]:
            if _same(mine, self.right[adjoint_name(equation.name)]):
                return f"the gradient by {name} is not summed over the samples"
        return ""


def _same(mine: Any, other: Any) -> bool:
    if np.shape(mine) != np.shape(other):
        return False
    # What comes out of plain NumPy may hold integers among the balls.
    pairs = zip(np.ravel(lift(mine)), np.ravel(lift(other)), strict=True)
    return all(overlaps(one, two) for one, two in pairs)
