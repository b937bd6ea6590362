"""The one function to ask: ``verify`` hand-written backprop in any of the shapes it has.

In small steps: adapt, check the loss/grad pair, watch how the code conducts itself, name the mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from symnn.derivation import derive
from symnn.errors import InputError
from symnn.network import Network
from symnn.verification.adapters import Given, adapt
from symnn.verification.adapters.floats import undisturbed
from symnn.verification.adapters.functions import array_function
from symnn.verification.adapters.network_stack import stack_subject
from symnn.verification.calling import CannotRunError
from symnn.verification.conduct import Conduct, observe
from symnn.verification.diagnosis import diagnose_subject, is_local
from symnn.verification.evidence import Diagnosis
from symnn.verification.foreign import verify_floats
from symnn.verification.holders import one_check
from symnn.verification.levels import Asked, checked_level, numerically, with_further
from symnn.verification.pair import certify
from symnn.verification.repair import EFFORT
from symnn.verification.subject import Missing, Subject
from symnn.verification.verdict import Check, Verdict


@one_check()
def verify(
    target: Any,
    *arguments: Any,
    network: Network | None = None,
    reference: Callable[..., Any] | None = None,
    names: tuple[str, ...] = (),
    points: int = 2,
    seed: int = 0,
    level: Asked = "certified",
    argnum: int | tuple[int, ...] | None = None,
    effort: float = EFFORT,
) -> Verdict:
    """Check hand-written backprop: ``verify(loss, grad, params, *data)``, or any other shape of `ADAPTERS`.

    Two functions need no description of the network; given one as well, with parameters named as the network names
    them, the mistake is also named. ``verify(layer, X)`` checks a layer by a random upstream gradient,
    ``verify(net, X, y)`` a class with ``costFunction`` and ``costFunctionPrime``, ``verify(f, df, x)`` an elementwise
    function; ``verify(layers, network=net)`` checks layers against the derivation of the network described. ``names``
    says which arrays of an object are checked, in the order of its gradients, where that is ambiguous; ``argnum`` which
    arguments of functions hold the parameters, where not the first; ``reference`` is the NumPy twin of a
    forward pass that only runs in float64. ``level`` asks for other evidence than *certified*: ``"numerical"``,
    ``"identical"``, ``"proved"``, or ``"all"`` of it. Raises `InputError` and `ShapeError` for arguments that cannot be
    used; what the code under test raises makes the verdict *undecided*. Where a gradient is
    different, small edits of its code are tried for ``effort`` seconds, and those that make it equal told; 0 leaves
    that out.

    >>> import numpy as np
    >>> verify(lambda w: np.sum(w**2), lambda w: 2 * w, np.array([1.0, 2.0])).verdict
    'equal'
    """
    checked_level(level)
    if points < 1:
        raise InputError(f"points must be at least 1, given {points}")
    if not arguments and network is not None:
        try:
            with undisturbed():
                subject = stack_subject(target, network, seed)
        except InputError as error:
            if not isinstance(error.__cause__, CannotRunError):
                raise
            # What layers raise is nothing wrong with how they were given.
            return Verdict("undecided", 0, "no certified answer", reasons=(str(error.__cause__),))
    else:
        with undisturbed():
            subject = adapt(Given(target, arguments, reference, tuple(names), seed, argnum))
    return verify_subject(subject, network=network, points=points, seed=seed, level=level, effort=effort)


@one_check()
def verify_subject(
    subject: Subject,
    *,
    network: Network | None = None,
    points: int = 2,
    seed: int = 0,
    level: Asked = "certified",
    effort: float = EFFORT,
) -> Verdict:
    """Check what an adapter has made of a target; arguments and errors are those of `verify`.

    >>> import numpy as np
    >>> from symnn.verification.subject import pair_of
    >>> verify_subject(pair_of(lambda w: np.sum(w**2), lambda w: 2 * w, np.array([1.0, 2.0]))).verdict
    'equal'
    """
    if level == "numerical":
        return numerically(subject)
    verdict = _verified(subject, network, points, seed, effort)
    if level == "certified" or not _can_go_further(subject, verdict):
        return verdict
    return with_further(verdict, subject, level, seed)


def verify_function(
    f: Callable[..., Any], df: Callable[..., Any], at: Any = None, *, points: int = 2, seed: int = 0
) -> Verdict:
    """Check the derivative of an elementwise function at an array, by default eight numbers between −2 and 2.

    ``df`` may be given in terms of the input, df(z), or of the output, df(f(z)): the verdict says which.

    >>> verify_function(np.tanh, lambda z: 1 - np.tanh(z) ** 2).verdict
    'equal'
    """
    if at is None:
        at = np.random.default_rng([seed, 3]).integers(-(2**10), 2**10, size=8, endpoint=True) / 2.0**9
    x = np.asarray(at, dtype=np.float64)
    return _verified(array_function("verify_function(f, df, at=x)", f, df, x, seed), None, points, seed, EFFORT)


def _can_go_further(subject: Subject, verdict: Verdict) -> bool:
    """Whether there is a gradient for every parameter, and code that could be run over balls at all."""
    return not subject.missing and not subject.only_floats and bool(verdict.checks)


def _verified(subject: Subject, network: Network | None, points: int, seed: int, effort: float) -> Verdict:
    # In float64 and first: a run over balls may leave balls in what the code keeps.
    conduct = observe(subject, seed)
    if conduct.spoilt:
        return _spoilt(subject, conduct)
    verdict = _checked(subject, points, seed)
    verdict = _with_missing(verdict, subject.missing)
    verdict = _with_conduct(verdict, conduct)
    verdict = _with_diagnosis(verdict, subject, network, seed, effort)
    return verdict if verdict.verdict == "undecided" else replace(verdict, reasons=(*subject.notes, *verdict.reasons))


def _checked(subject: Subject, points: int, seed: int) -> Verdict:
    if subject.only_floats:
        return verify_floats(subject, points, seed)
    if subject.missing and not subject.parameters.arrays:
        return Verdict("undecided", 0, "no gradient was found")
    return certify(subject, points=points, seed=seed)


def _with_missing(verdict: Verdict, missing: tuple[Missing, ...]) -> Verdict:
    """A gradient that was not found is no mistake that was seen: what else is right is then not *equal*."""
    if not missing:
        return verdict
    checks = tuple(Check(one.name, one.shape, "undecided", note=one.said) for one in missing)
    said = tuple(one.said for one in missing)
    verdict = replace(verdict, checks=(*verdict.checks, *checks), reasons=(*said, *verdict.reasons))
    if verdict.verdict != "equal":
        return verdict
    evidence = "not every gradient was found"
    return replace(
        verdict, verdict="undecided", digits=0, evidence=evidence, reasons=(*said, f"the others are {verdict.evidence}")
    )


def _with_conduct(verdict: Verdict, conduct: Conduct) -> Verdict:
    """Problems of conduct turn a verdict; the values that single calls give stay told."""
    further = (*verdict.further, *conduct.evidence)
    notes = () if verdict.verdict == "undecided" else conduct.notes
    noted = replace(verdict, reasons=(*verdict.reasons, *notes), further=further)
    if not conduct.problems:
        return noted
    said = "; ".join(conduct.problems)
    if verdict.verdict == "different":
        return replace(noted, evidence=f"{verdict.evidence}; {said}")
    if verdict.verdict == "undecided":
        return replace(noted, verdict=conduct.outcome, evidence=said, diagnosis=_mistake(conduct))
    evidence = f"what it returns is right, {verdict.evidence}; what it does beside is not"
    return replace(noted, verdict=conduct.outcome, digits=0, evidence=evidence, diagnosis=_mistake(conduct))


def _spoilt(subject: Subject, conduct: Conduct) -> Verdict:
    """The verdict on code whose results depend on the calls before: there are no values to compare."""
    note = "not compared, because results depend on the calls before"
    shapes = {name: A.shape for name, A in subject.parameters.arrays.items()}
    checks = tuple(Check(name, shape, "undecided", note=note) for name, shape in shapes.items())
    mistake = _mistake(conduct)
    evidence = "two calls with the same inputs do not agree" if mistake else "; ".join(conduct.problems)
    return Verdict(conduct.outcome, 0, evidence, checks, diagnosis=mistake)


def _mistake(conduct: Conduct) -> Diagnosis:
    return Diagnosis("; ".join(conduct.problems), "conduct") if conduct.outcome == "different" else Diagnosis()


def _with_diagnosis(verdict: Verdict, subject: Subject, network: Network | None, seed: int, effort: float) -> Verdict:
    if verdict.verdict == "undecided" and network is not None:
        # A network without a useful gradient is refused by name: then nothing could have been decided.
        derive(network)
    if verdict.verdict == "undecided" or verdict.diagnosis or subject.missing or subject.only_floats:
        return verdict
    # The loss of a subject that is described is that of the network; that of a pair may be another one.
    if verdict.verdict == "equal" and (network is None or subject.described is not None):
        return verdict
    if is_local(verdict.checks):
        return verdict
    found = diagnose_subject(subject, network, seed, effort if verdict.verdict == "different" else 0)
    if verdict.verdict == "different":
        return replace(verdict, diagnosis=found)
    # Right for its own loss, but that loss is not the one described.
    note = (f"under another convention than that of the network described: {found}",) if found else ()
    return replace(verdict, reasons=(*verdict.reasons, *note))
