"""The checkers that are compared, each as its users call it, with the settings it comes with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import check_grad

import symnn
from benchmarks.truth.trial import Answer, Flat, Trial, WrongShapeError
from symnn.errors import ShapeError, UndecidedError
from symnn.verification import check_numerically

try:
    import autograd.extend
    import autograd.test_util
except ImportError:
    autograd = None
try:
    import torch
    from torch.autograd.gradcheck import GradcheckError
except ImportError:
    torch = None
try:
    import jax
    import jax.test_util
except ImportError:
    jax = None
else:
    # In single precision, jax's own default, no NumPy code in double precision could be compared.
    jax.config.update("jax_enable_x64", True)


@dataclass(frozen=True)
class Checker:
    """A name, how its defaults are used, and the function; ``ask`` is None where it is not installed."""

    name: str
    how: str
    ask: Callable[[Trial], Answer] | None


def by_symnn(trial: Trial) -> Answer:
    """Certified; the network described is handed over where there is one, so that the mistake can be named."""
    verdict = symnn.verify(trial.loss, trial.grad, trial.params, *trial.data, network=trial.network)
    if verdict.verdict == "undecided":
        return Answer("no answer", why="; ".join(verdict.reasons))
    return Answer(verdict.verdict, str(verdict.diagnosis))


def by_quotients(trial: Trial) -> Answer:
    """The check as it is taught, in float64: *undecided* between its bands is no answer."""
    try:
        found = check_numerically(trial.loss, trial.grad, trial.params, *trial.data)
    except ShapeError:
        return Answer("different")
    except UndecidedError as error:
        return Answer("no answer", why=str(error))
    return Answer("no answer", why=found.reason) if found.verdict == "undecided" else Answer(found.verdict)


def by_scipy(trial: Trial, largest: float) -> Answer:
    """`scipy.optimize.check_grad` returns ‖g − n‖ and leaves the verdict to its user, who holds it to a number."""
    flat = Flat(trial)
    error = check_grad(flat.loss, flat.grad, flat.start)
    if not np.isfinite(error):
        return Answer("no answer", why=f"the error is {error}")
    return Answer("equal" if error <= largest else "different")


def by_autograd(trial: Trial) -> Answer:
    """The gradient as the vjp of a primitive; order 1 and reverse mode, which is all that it defines."""
    flat = Flat(trial)
    loss = autograd.extend.primitive(flat.loss)
    autograd.extend.defvjp(loss, lambda _, x: lambda upstream: upstream * flat.grad(x))
    # It draws its direction from NumPy's global state.
    np.random.seed(0)
    try:
        autograd.test_util.check_grads(loss, modes=["rev"], order=1)(flat.start)
    except AssertionError:
        return Answer("different")
    return Answer("equal")


def by_torch(trial: Trial) -> Answer:
    """The gradient as the backward of an autograd function in double precision, with every default of gradcheck."""
    flat = Flat(trial)

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx, vector):
            ctx.save_for_backward(vector)
            return torch.tensor(flat.loss(vector.detach().numpy()), dtype=torch.float64)

        @staticmethod
        def backward(ctx, upstream):
            (vector,) = ctx.saved_tensors
            return upstream * torch.from_numpy(flat.grad(vector.detach().numpy()))

    try:
        torch.autograd.gradcheck(Loss.apply, (torch.tensor(flat.start, requires_grad=True),))
    except GradcheckError:
        return Answer("different")
    return Answer("equal")


def by_jax(trial: Trial) -> Answer:
    """The gradient as a custom vjp around callbacks, in double precision; order 1 and reverse mode."""
    flat = Flat(trial)
    number = jax.ShapeDtypeStruct((), np.float64)
    vector = jax.ShapeDtypeStruct(flat.start.shape, np.float64)

    @jax.custom_vjp
    def loss(x):
        return jax.pure_callback(lambda x: np.float64(flat.loss(np.asarray(x))), number, x)

    def backward(x, upstream):
        return (upstream * jax.pure_callback(lambda x: flat.grad(np.asarray(x)), vector, x),)

    loss.defvjp(lambda x: (loss(x), x), backward)
    try:
        jax.test_util.check_grads(loss, (jax.numpy.asarray(flat.start),), order=1, modes=("rev",))
    except AssertionError:
        return Answer("different")
    return Answer("equal")


def fairly(ask: Callable[[Trial], Answer]) -> Callable[[Trial], Answer]:
    """Return a checker that counts a gradient of the wrong shape as found, and says why it has no other answer."""

    def answer(trial: Trial) -> Answer:
        try:
            Flat(trial).grad(Flat(trial).start)
        except WrongShapeError:
            return Answer("different")
        try:
            return ask(trial)
        except Exception as error:
            return Answer("no answer", why=f"{type(error).__name__}: {error}"[:200])

    return answer


CHECKERS = (
    Checker("symnn", "`symnn.verify`", by_symnn),
    Checker("quotients", "`check_numerically` in float64: ≤ 1e-7 is fine, > 1e-4 is wrong", by_quotients),
    Checker(
        "scipy 1e-6", "`scipy.optimize.check_grad`, held to ≤ 1e-6 by its user", fairly(partial(by_scipy, largest=1e-6))
    ),
    Checker("scipy 1e-4", "the same, held to ≤ 1e-4", fairly(partial(by_scipy, largest=1e-4))),
    Checker(
        "autograd",
        "`autograd.test_util.check_grads`, reverse mode, order 1",
        fairly(by_autograd) if autograd is not None else None,
    ),
    Checker("torch", "`torch.autograd.gradcheck`, double precision", fairly(by_torch) if torch is not None else None),
    Checker(
        "jax",
        "`jax.test_util.check_grads`, double precision, reverse mode, order 1",
        fairly(by_jax) if jax is not None else None,
    ),
)
