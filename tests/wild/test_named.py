"""Without any description of a network: which mistakes of public code are named, and in which words."""

from __future__ import annotations

import pytest

from symnn.verification.diagnosis import diagnose_subject
from symnn.verification.subject import pair_of
from tests.wild.test_wild import CASES, WRONG

# The words that name each mistake: kind of rewrite, and a part of the sentence.
NAMED = {
    "absolute error with the sign of y − ŷ": (
        "sign",
        "every gradient has the wrong sign, as when Y − Z1 stands for Z1 − Y",
    ),
    "GELU's tanh form with the exact density": ("function", "tanh approximation of the cdf is mixed with the exact"),
    "GELU's tanh form with the exact density, in the tail": ("function", "is mixed with the exact normal pdf"),
    "GELU's exact form with a slope half of the tanh form": ("function", "GELU in its exact form"),
    "GELU's second derivative without the product rule": ("function", "the product rule is left out"),
    "softmax with its Jacobian's rows added up": ("zero", "is left at zero"),
    "softmax with a backward pass of plain zeros": ("zero", "is left at zero"),
    "leaky ReLU with slope −α": ("function", "the slope below zero is −α, not α"),
    "Swish with a factor β left out": ("function", "the factor β is left out"),
    "Huber with its outer branch turned round": ("part", "the wrong sign where |params − data[0]| > data[1]"),
    "Huber with its outer branch turned round and not averaged": ("part", "is −4 times what it should be"),
    "the norm as a penalty with the signs as its gradient": ("penalty", "where the loss has a penalty by the norm"),
    "absolute values as a penalty with the norm's gradient": ("penalty", "holds the part of a penalty by the norm"),
    "a recurrent input gradient without the later time steps": ("rows", "as when the paths through later steps"),
    "overlapping max-pool that keeps the last upstream gradient": ("overwritten", "= stands for +="),
    "overlapping max-pool that overwrites the window": ("overwritten", "= stands for +="),
    "tanh where its slope belongs": ("value for slope", "the value of tanh stands where its slope belongs"),
    "weight decay with its sign wrong": ("penalty", "the part of a penalty of squares has the wrong sign"),
    "absolute values penalised, squares differentiated": ("penalty", "holds the part of a penalty of squares"),
    "a gradient transposed against its parameters": ("transposed", "the gradient with respect to W1 is transposed"),
    "no ½ in the loss, and its own 2 in the gradient": ("another loss", "this is the gradient of half-squared-error"),
    "a ½ in the loss, and no 2 in the gradient": ("another loss", "this is the gradient of squared-error"),
    "1/N left to the learning rate, in loss and gradient": ("convention", "with reduction 'mean', not of"),
    "ŷ − y alone for sigmoid with cross-entropy": ("another loss", "although A1 − Y already contains it"),
}
# Batch normalisation is no network of dense layers, and none of its paths is a factor or a part of the gradient.
UNNAMED = {
    "batch normalisation without the term that adds up to zero",
    "batch normalisation with the term that adds up to zero",
}


def diagnosis_of(name, gradient):
    params, *data = CASES[name].example()
    return diagnose_subject(pair_of(CASES[name].loss, gradient, params, *data), None, 0)


def test_every_wrong_gradient_is_named_or_known_not_to_be():
    assert {*NAMED, *UNNAMED} == set(WRONG)


@pytest.mark.parametrize("name", NAMED)
def test_the_mistake_is_named_without_a_network(name):
    kind, words = NAMED[name]
    found = diagnosis_of(name, CASES[name].wrong)
    assert words in found.said
    assert (found.kind, set(found.arrays)) == (kind, set(CASES[name].differs))


@pytest.mark.parametrize("name", sorted(UNNAMED))
def test_what_no_row_explains_is_not_named(name):
    assert not diagnosis_of(name, CASES[name].wrong)


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_found_wrong_with_the_correct_twin(name):
    assert not diagnosis_of(name, CASES[name].right)
