"""Programs that no network describes get the derivative of their loss too: every one in the folder of derivations."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
import sympy
from drawn import BITS, agree
from oracle import Balls, WrittenOut, expand, map_entries, same, symbols_for

from symnn.derivation import Merge
from symnn.equations import Program
from symnn.library import load, names
from symnn.notation import name_of
from symnn.scalars import array, ball, precision, running
from tests.grids import EVERYTHING, sparsely

PROGRAMS = [name for name in names() if isinstance(load(name).source, Program)]

# Small enough for polynomials with every entry a letter, large enough for a sum over each index.
SMALL = {
    "attention-head": {"m": 2, "n0": 1, "n1": 1, "d": 1},
    "batch-normalisation": {"m": 3, "n0": 1, "n1": 1},
    "layer-normalisation": {"m": 1, "n0": 2, "n1": 2},
    "softmax-cross-entropy": {"m": 1, "n1": 3},
}

# Where numbers drawn would lie on the flat side of every hinge: these are looked at where the example is.
AT_THEIR_POINTS = ("output-pairings", "perceptron-line")


def written_out_at(derivation, values, sizes):
    """The loss of a program over a symbol for every entry, and every tensor of both passes, expanded.

    Targets that add up to one are put in as numbers, so that they do.
    """
    arrays, point = {}, {}
    for name, numbers in values.items():
        arrays[name], part = symbols_for(name, numbers)
        if name in derivation.program.distributions:
            arrays[name] = map_entries(part.__getitem__, arrays[name])
        else:
            point |= part
    tensors = expand((*derivation.program.equations, *derivation.equations), arrays, sizes, point)
    return WrittenOut(tensors[name_of(derivation.program.loss)], arrays, point), tensors


def sizes_of(example):
    """The numbers of the sizes, read off the shapes of the example's arrays."""
    shapes = example.derivation.program.shapes
    given = {**example.point.parameters, **example.point.data}
    pairs = [
        (str(axis), extent)
        for name in given
        for axis, extent in zip(shapes[name], np.shape(example.point.fractions(name)), strict=True)
    ]
    return dict(pairs)


def differentiable(program):
    return [name_of(tensor) for tensor in (*program.parameters, *program.inputs)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_gradient_is_identically_the_derivative(name):
    example = load(name)
    derivation = example.derivation
    if name in AT_THEIR_POINTS:
        sizes = sizes_of(example)
        values = {n: example.point.fractions(n) for n in (*example.point.parameters, *example.point.data)}
    else:
        sizes = SMALL.get(name) or {str(size): 2 if str(size) == "m" else 1 for size in derivation.program.sizes}
        values = drawn_values(derivation.program, sizes)
    truth, tensors = written_out_at(derivation, values, sizes)
    for tensor in differentiable(derivation.program):
        gradient = truth.gradient(tensor)
        assert any(entry != 0 for entry in gradient.flat)
        assert same(tensors[f"d{tensor}"], gradient), tensor
        assert not same(2 * tensors[f"d{tensor}"], gradient), tensor


def drawn_values(program, sizes):
    """Positive numbers for every leaf, shares where they add up to one."""
    pick = random.Random(0).randint  # noqa: S311 nothing secret
    values = {}
    for name in map(name_of, program.leaves):
        shape = tuple(sizes[str(axis)] for axis in program.shapes[name])
        numbers = np.array([Fraction(pick(1, 9), 4) for _ in range(int(np.prod(shape)))]).reshape(shape)
        if name in program.distributions:
            axis = list(program.shapes[name]).index(program.distributions[name].upper + 1)
            numbers = numbers / numbers.sum(axis=axis, keepdims=True)
        values[name] = numbers
    return values


def looked_at(symbols):
    """The places of an array with its symbols: the first and the last, or all under SYMNN_EXPLORE=1."""
    every = list(np.ndenumerate(symbols))
    return every if EVERYTHING else [*every[:1], *every[1:][-1:]]


@pytest.mark.parametrize("name", sparsely(PROGRAMS))
def test_the_kernel_and_the_gradient_by_hand_are_the_derivative_to_80_digits(name):
    example = load(name)
    derivation, point = example.derivation, example.point
    given = {**point.parameters, **point.data}
    truth, _ = written_out_at(derivation, {n: point.fractions(n) for n in given}, sizes_of(example))
    wanted = differentiable(derivation.program)
    with running(ball(BITS)):
        parameters = {n: array(point.fractions(n), ball(BITS)) for n in point.parameters}
        data = [array(point.fractions(n), ball(BITS)) for n in point.data]
        loss, grads = derivation.compile(wanted, stable=False)(parameters, *data)
        by_hand = example.grad(parameters, *data)
    with precision(BITS):
        value = Balls(truth.point)
        assert agree(loss.value, value(truth.loss), 80)
        for tensor in wanted:
            found = np.asarray(grads[tensor], dtype=object)
            for place, symbol in looked_at(truth.arrays[tensor]):
                exact = value(sympy.diff(truth.loss, symbol))
                assert agree(found[place].value, exact, 80), (tensor, place)
            if tensor in by_hand:
                for place, mine in np.ndenumerate(np.asarray(by_hand[tensor], dtype=object)):
                    assert agree(mine.value, found[place].value, 80), (tensor, place)
    assert set(by_hand) == set(point.parameters)


def test_attention_has_its_softmax_recognised():
    derivation = load("attention-head").derivation
    merges = [path for step in derivation.steps for path in step.paths if isinstance(path, Merge)]
    assert [(merge.rewrite, merge.through) for merge in merges] == [("softmax Jacobian contracted", "A")]
    assert {step.name for step in derivation.steps}.isdisjoint({"E", "S"})
    assert "A = softmax(Z, axis=1)" in derivation.compile().source


def test_an_input_read_three_times_has_three_paths():
    assert [path.through for path in load("attention-head").derivation.gradient("X").paths] == ["V", "K", "Q"]
