"""A custom torch.autograd.Function is held against the certified derivative of its NumPy twin, in float64."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import InputError
from symnn.verification import verify

torch = pytest.importorskip("torch")

X = np.random.default_rng(0).normal(size=(5, 3))
W = np.random.default_rng(1).normal(size=(3, 2))


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * upstream


class AlmostCube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 3.00003 * x**2 * upstream


class Rectified(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, leak):
        ctx.save_for_backward(x, w)
        ctx.leak = leak
        return torch.where(x @ w > 0, x @ w, leak * (x @ w))

    @staticmethod
    def backward(ctx, upstream):
        x, w = ctx.saved_tensors
        delta = torch.where(x @ w > 0, upstream, ctx.leak * upstream)
        return delta @ w.T, x.T @ delta, None


@pytest.mark.parametrize("reference", [None, lambda x: x**3])
def test_a_right_backward_pass_is_equal_by_numerical_evidence(reference):
    verdict = verify(Cube, X, reference=reference)
    assert verdict.verdict == "equal", verdict
    assert verdict.evidence.startswith("numerical: ")
    assert ("certified derivative of the reference" in verdict.evidence) == (reference is not None)
    assert "Cube of torch runs in float64 only" in str(verdict)


@pytest.mark.parametrize("reference", [None, lambda x: x**3])
def test_a_wrong_backward_pass_is_different(reference):
    verdict = verify(AlmostCube, X, reference=reference)
    assert verdict.verdict == "different"
    assert abs(float(verdict["x"].difference / verdict["x"].exact)) == pytest.approx(1e-5, rel=1e-2)


@pytest.mark.parametrize("reference", [None, lambda x, w, leak: np.where(x @ w > 0, x @ w, leak * (x @ w))])
def test_several_inputs_are_checked_and_other_arguments_passed_on(reference):
    verdict = verify(Rectified, X, W, 0.25, reference=reference)
    assert verdict.verdict == "equal", verdict
    assert [check.name for check in verdict.checks] == ["x1", "x2"]


def test_a_reference_that_is_another_function_is_refused():
    with pytest.raises(InputError, match="the reference is no twin of the forward pass"):
        verify(Cube, X, reference=lambda x: x**2)


def test_inputs_that_are_no_float_arrays_are_refused():
    with pytest.raises(InputError, match="none of the inputs is a NumPy array of floats"):
        verify(Cube, np.array([1, 2]))
