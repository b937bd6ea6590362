"""Correct random networks are never *different*, on kinks and beside them too, and *undecided* only as listed here."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sympy import FiniteSet

from symnn import byhand
from symnn.derivation import derive
from symnn.errors import InputError
from symnn.network import LAYOUTS, REDUCTIONS, Dense, Network
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from tests.grids import EVERYTHING
from tests.verification.pairs import verify_pair
from tests.verification.test_stack import ACTIVATIONS as BY_HAND

EXAMPLES = 1000 if EVERYTHING else 25

# Why a correct network may be undecided, as the verdict puts it.
DOCUMENTED = {
    "of an array that gets no gradient, behind dead or saturated units, nothing is known": (
        r"it is zero at every point looked at, so nothing was compared"
    ),
    "a logarithm of 0 or a quotient by 0 at every point": r"not finite",
}


def allowed(activation, loss):
    try:
        Network(1, [Dense(2, activation)], loss)
    except InputError:
        return False
    return True


# What has no gradient that anything could learn from is refused by derive, which tests/kernels shows.
HIDDEN = (*(row.name for row in ACTIVATIONS.values() if row.no_gradient is None), *NORMALISERS)
KINKED = tuple(row.name for row in ACTIVATIONS.values() if row.kinks and row.no_gradient is None)
ENDS = [
    (name, row.name)
    for name, row in itertools.product(HIDDEN, LOSSES.values())
    if row.no_gradient is None and allowed(name, row.name)
]


@dataclass
class Case:
    """A network at a point, and whose loss and gradient are compared."""

    network: Network
    params: dict
    X: np.ndarray
    Y: np.ndarray
    by: tuple[str, str]

    def verdict(self):
        sides = {"kernel": kernel_of, "hand": hand_of}
        loss, grad = (sides[by](self.network)[k] for k, by in enumerate(self.by))
        return verify_pair(loss, grad, self.params, self.X, self.Y)


def kernel_of(network):
    """Loss and gradient as the compiled kernel has them."""
    function = derive(network).compile(stable=False).function

    @functools.wraps(function)
    def loss(params, X, Y):
        return function(params, X, Y)[0]

    return loss, function


LOSSES_BY_HAND = {
    "squared-error": byhand.SquaredError,
    "half-squared-error": byhand.HalfSquaredError,
    "binary-cross-entropy": byhand.BinaryCrossEntropy,
    "categorical-cross-entropy": byhand.CategoricalCrossEntropy,
}


def has_hand(network):
    known = all(layer.activation in BY_HAND for layer in network.layers)
    return known and network.loss in LOSSES_BY_HAND and network.layout == "features-first"


def hand_of(network):
    """Loss and gradient as written by hand."""

    def built(params):
        layers = []
        for number, layer in enumerate(network.layers, start=1):
            layers += [byhand.Dense(params[f"W{number}"], params.get(f"b{number}")), BY_HAND[layer.activation]()]
        return byhand.Network(layers, LOSSES_BY_HAND[network.loss](network.reduction))

    def loss(params, X, Y):
        return built(params).loss_of(X, Y)

    def grad(params, X, Y):
        net = built(params)
        net.loss_of(X, Y)
        net.backward_pass(Y)
        return net.gradients()

    return loss, grad


def numbers(rng, shape):
    """Quarters: few enough that sums of products meet each other, and exact as doubles."""
    return rng.integers(-8, 8, shape, endpoint=True) / 4


def targets(rng, row, samples, outputs):
    """Targets that the loss is defined on, samples as rows; classes where they are shares or probabilities."""
    if row.distribution:
        return np.eye(outputs)[rng.integers(0, outputs, samples)]
    if row.targets == FiniteSet(-1, 1):
        return rng.choice([-1.0, 1.0], (samples, outputs))
    if row.targets.contains(2) == True:  # noqa: E712 SymPy's own truth
        return numbers(rng, (samples, outputs))
    return rng.integers(0, 1, (samples, outputs), endpoint=True).astype(float)


def zero_inputs(case, rng, size):
    """A sample of zeros, which leaves the biases alone: these are zero, or nearly."""
    case.X[(slice(None), 0) if case.network.layout == "features-first" else 0] = 0
    if "b1" in case.params:
        case.params["b1"][...] = size


def units(case, rng):
    """The name of a layer's weights, its biases' name, and which unit, as an index into both."""
    number = int(rng.integers(1, len(case.network.layers), endpoint=True))
    unit = int(rng.integers(case.network.layers[number - 1].units))
    first = case.network.layout == "features-first"
    return f"W{number}", f"b{number}", (unit,) if first else (slice(None), unit), unit


def zero_unit(case, rng, size):
    weights, biases, index, unit = units(case, rng)
    case.params[weights][index] = 0
    if biases in case.params:
        case.params[biases][unit] = size


def zero_layer(case, rng, size):
    weights, biases, _, _ = units(case, rng)
    case.params[weights][...] = 0
    if biases in case.params:
        case.params[biases][...] = size


def zero_network(case, rng, size):
    for name, A in case.params.items():
        A[...] = size if name.startswith("b") else 0


def zero_output(case, rng, size):
    """A last layer that gives 0, or nearly, which is the target: no residual."""
    last = len(case.network.layers)
    case.params[f"W{last}"][...] = 0
    if f"b{last}" in case.params:
        case.params[f"b{last}"][...] = size
    row = LOSSES[case.network.loss]
    if not row.distribution and 0 in row.targets:
        case.Y[...] = 0


def twin_units(case, rng, size):
    """Two units that are one, up to ``size``: what compares them finds a tie."""
    weights, biases, index, unit = units(case, rng)
    other = (0,) if len(index) == 1 else (slice(None), 0)
    case.params[weights][index] = case.params[weights][other]
    if biases in case.params:
        case.params[biases][unit] = case.params[biases][0] + size


def opposite_units(case, rng, size):
    """Two units that are each other's negatives, over samples that are all the same."""
    weights, biases, index, _ = units(case, rng)
    other = (0,) if len(index) == 1 else (slice(None), 0)
    case.params[weights][index] = -case.params[weights][other]
    if biases in case.params:
        case.params[biases][...] = size
    case.X[...] = np.abs(case.X[:1, :1])


def nothing(case, rng, size):
    """The point as it was drawn."""


PLANTS = (
    nothing,
    zero_inputs,
    zero_unit,
    zero_layer,
    zero_network,
    zero_output,
    twin_units,
    opposite_units,
)
SIZES = (0, 1e-30, -1e-30, 1e-7, -1e-7)


def drawn(network, samples, plant, size, seed, by):
    rng = np.random.default_rng(seed)
    params = {name: numbers(rng, shape) for name, shape in network.shapes.items()}
    X, Y = (
        numbers(rng, (samples, network.inputs)),
        targets(rng, LOSSES[network.loss], samples, network.widths[-1]),
    )
    first = network.layout == "features-first"
    case = Case(network, params, X.T.copy() if first else X, Y.T.copy() if first else Y, by)
    plant(case, rng, size)
    return case


@st.composite
def cases(draw):
    """A network of one to three layers over all the tables, at a point on a kink, beside one, or anywhere."""
    last, loss = draw(st.sampled_from(ENDS))
    # Half of all networks have kinks in every hidden layer, and lie on them more often than not.
    kinked = draw(st.booleans())
    hidden = st.sampled_from(KINKED if kinked else HIDDEN)
    names = [*draw(st.lists(hidden, min_size=int(kinked), max_size=2)), last]
    least = {name: 2 if name in NORMALISERS else 1 for name in HIDDEN}
    widths = [draw(st.integers(least[name], 4)) for name in names[:-1]]
    widths.append(draw(st.integers(2 if LOSSES[loss].distribution else least[last], 3)))
    layers = [Dense(width, name, draw(st.booleans())) for width, name in zip(widths, names, strict=True)]
    layout, reduction = draw(st.sampled_from(list(LAYOUTS))), draw(st.sampled_from(list(REDUCTIONS)))
    network = Network(draw(st.integers(1, 4)), layers, loss, reduction, layout)
    ways = [("kernel", "kernel"), *([("hand", "hand"), ("kernel", "hand")] if has_hand(network) else [])]
    plant, size = draw(st.sampled_from(PLANTS)), draw(st.just(0) if kinked else st.sampled_from(SIZES))
    return drawn(
        network, draw(st.integers(1, 5)), plant, size, draw(st.integers(0, 2**32)), draw(st.sampled_from(ways))
    )


def reasons(verdict):
    """What keeps a verdict from being equal: all but that single points do not count, if there is more."""
    return [reason for reason in verdict.reasons if "does not count" not in reason] or list(verdict.reasons)


def reason_of(verdict):
    """The documented reason that a verdict is undecided for; None if there is none."""
    for name, pattern in DOCUMENTED.items():
        if any(re.search(pattern, reason) for reason in reasons(verdict)):
            return name
    return None


@settings(max_examples=EXAMPLES)
@given(cases())
def test_a_correct_random_network_is_never_different_and_undecided_only_where_documented(case):
    verdict = case.verdict()
    event(verdict.verdict)
    if "on a kink" in verdict.evidence:
        event("on a kink")
    if any("does not count" in reason for reason in verdict.reasons):
        event("a point does not count")
    assert verdict.verdict != "different", verdict
    if verdict.verdict == "undecided":
        event(str(reason_of(verdict)))
        assert reason_of(verdict) is not None, verdict


# Draws in which some unit lives beside the kink.
SEEDS = {"zero_inputs": 0, "zero_unit": 1, "zero_layer": 1, "opposite_units": 1}
RELUS = Network(2, [Dense(3, "relu"), Dense(2, "relu"), Dense(1)], "squared-error", "mean", "features-first")


@pytest.mark.parametrize("by", [("kernel", "kernel"), ("hand", "hand"), ("kernel", "hand")], ids="-".join)
@pytest.mark.parametrize(
    "plant", [zero_inputs, zero_unit, zero_layer, opposite_units], ids=lambda plant: plant.__name__
)
def test_a_gradient_that_is_wrong_only_on_the_kink_is_still_found(plant, by):
    case = drawn(RELUS, 3, plant, 0, SEEDS[plant.__name__], by)
    loss, grad = {"kernel": kernel_of, "hand": hand_of}[by[0]](RELUS)[0], hand_of(RELUS)[1]

    def wrong(params, X, Y):
        out = grad(params, X, Y)
        if all(np.all(params[name] == A) for name, A in case.params.items()):
            out["b3"] = out["b3"] + 1e-30
        return out

    right = verify_pair(loss, grad, case.params, case.X, case.Y)
    assert right.verdict == "equal", right
    assert "and, on a kink, at the point given" in right.evidence
    found = verify_pair(loss, wrong, case.params, case.X, case.Y)
    assert found.verdict == "different"
    assert found["b3"].worst == (0, 0)
