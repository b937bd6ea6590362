"""Every named rewrite is proved for any width: what the one rule gives is the closed form, with sums left as sums."""

from __future__ import annotations

import dataclasses
import itertools
from functools import cache, partial

import pytest
import sympy
from drawn import BITS, HIDDEN, PAIRS, Derived, allowed, as_part
from oracle import Balls, opaque
from sympy import Idx, Indexed, S, Symbol

from symnn.derivation import MERGES, Merge, SlopeInOutput, derive
from symnn.equations import Equation, Program, Term
from symnn.library import load
from symnn.network import LAYOUTS, REDUCTIONS, Dense, Network
from symnn.notation import LOSS, adjoint_name, index, indices_of, name_of, size, tensor
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.scalars import precision
from tests.grids import covering


def every_step(step):
    yield step
    for inner in step.substeps:
        yield from every_step(inner)


def steps_of(derivation, kind):
    return [step for top in derivation.steps for step in every_step(top) if isinstance(step, kind)]


def whole(name, loss, reduction, layout):
    return derive(Network(2, [Dense(2, name)], loss, reduction, layout))


def hidden(name, layout):
    return derive(Network(2, [Dense(2, name), Dense(2)], layout=layout))


def in_part(name, loss, layout):
    """Where the loss is made of what a network's loss would be, its equations are taken together all the same."""
    return derive(as_part(DERIVATIONS[f"{name}, {loss}, mean, {layout}"].program))


WHOLE = [(*pair, "mean", layout) for pair in PAIRS for layout in LAYOUTS]
WHOLE += [
    (*pair, reduction, layout)
    for pair, reduction, layout in covering(itertools.product(PAIRS, REDUCTIONS, LAYOUTS))
    if reduction != "mean"
]
PARTS = [(*pair, "samples-first") for pair in PAIRS]
PARTS += [(*pair, layout) for pair, layout in covering(itertools.product(PAIRS, LAYOUTS)) if layout != "samples-first"]
DERIVATIONS = Derived(
    {", ".join(one): partial(whole, *one) for one in WHOLE}
    | {f"hidden {name}, {layout}": partial(hidden, name, layout) for name, layout in itertools.product(HIDDEN, LAYOUTS)}
    | {"attention": lambda: load("attention-head").derivation}
    | {f"{', '.join(one)}, a part": partial(in_part, *one) for one in PARTS}
)
ROWS = list(dict.fromkeys(name.split(",")[0] for name in DERIVATIONS))
"""The activations at the end and hidden, by which the derivations are taken together."""


def of_row(row):
    return {name: derivation for name, derivation in DERIVATIONS.items() if name.split(",")[0] == row}


@cache
def merged(name):
    """The program of a derivation, and the merges in it."""
    return DERIVATIONS[name].program, *steps_of(DERIVATIONS[name], Merge)


@cache
def every_merge():
    return [(program, merge) for _, program, merge in named_merges()]


def named_merges():
    return [(name, program, merge) for name in DERIVATIONS for program, *merges in [merged(name)] for merge in merges]


@cache
def some_merges():
    """Merges of every rewrite, and one behind every activation."""
    rows = {(merge.rewrite, name.split(",")[0]): (program, merge) for name, program, merge in named_merges()}
    return [rows[row] for row in covering(rows)]


@cache
def slopes(row):
    """The slopes in the output of an activation, one of each equation."""
    found = {}
    for name in DERIVATIONS:
        if name.split(",")[0].removeprefix("hidden ") == row:
            found |= {str(step.equation): step for step in steps_of(DERIVATIONS[name], SlopeInOutput)}
    return {key: step for key, step in found.items() if step.row == row}


SLOPED = [name for name, row in ACTIVATIONS.items() if row.slope is not None and name != "linear"]


counter = itertools.count()


def renewed(over):
    """Summed indices under letters that nothing else has."""
    return {axis: Idx(Symbol(f"{axis.label}_{next(counter)}", integer=True), axis.upper + 1) for axis in over}


def unfolded(body, over, equations):
    """A summand with every tensor that ``equations`` define put in, as summands under one sum each."""
    for entry in sorted(body.atoms(Indexed), key=str):
        equation = equations.get(name_of(entry))
        if equation is None:
            continue
        letter = Symbol("t")
        in_letter = body.xreplace({entry: letter})
        rest, factor = in_letter.xreplace({letter: S.Zero}), sympy.diff(in_letter, letter)
        assert not factor.has(letter), "gradients enter linearly"
        rename = dict(zip(indices_of(equation.target), entry.indices, strict=True))
        parts = [(rest, over)] if rest != 0 else []
        for term in equation.terms:
            fresh = renewed(term.over)
            parts.append((factor * term.body.xreplace(rename | fresh), (*over, *fresh.values())))
        return [piece for part in parts for piece in unfolded(*part, equations)]
    return [(body, over)]


class Proof:
    """The forward equations that a merge consumes, as replacements, and the sums that they and the data make one."""

    def __init__(self, program, merge, *, condition=True):
        self.program = program
        self.ones = set()
        if condition and merge.condition is not None:
            self.ones.add(merge.condition)
        of_one_number = not isinstance(merge.upstream.target, Indexed)
        output = merge.plain[0].name if of_one_number and merge.plain else name_of(merge.upstream.target)
        self.output = program.definitions[output]
        numerator, denominator = self.output.right.as_numer_denom()
        logarithms = self.output.right.atoms(sympy.log)
        self.share = self.output.target
        if len(logarithms) == 1 and self.output.right.is_Add and isinstance(self.output.target, Indexed):
            # The logarithm of a share: the weight is exp(output) times the total.
            (logarithm,) = logarithms
            denominator, self.share = logarithm.args[0], sympy.exp(self.output.target)
            numerator = program.definitions[name_of(denominator)].right.function
            assert self.output.right + logarithm in program.definitions[name_of(numerator)].right.atoms(Indexed)
        self.shared = isinstance(numerator, Indexed) and isinstance(denominator, Indexed)
        if self.shared:
            self.weights = program.definitions[name_of(numerator)]
            self.total = program.definitions[name_of(denominator)]
            self.denominator = denominator
            assert self.total.right.function.base == numerator.base
            self.ones.add(output)

    def forward(self, body):
        """The summand over the output and the total of the shares, or over the pre-activation."""
        replaced = {}
        for entry in body.atoms(Indexed) | body.atoms(sympy.exp):
            if self.shared:
                share = self._as_weight(entry)
                if share is not None:
                    replaced[entry] = share
            elif isinstance(entry, Indexed) and name_of(entry) == self.output.name:
                rename = dict(zip(indices_of(self.output.target), entry.indices, strict=True))
                replaced[entry] = self.output.right.xreplace(rename)
        return body.xreplace(replaced)

    def _as_weight(self, entry):
        """A weight, as an entry or written out, as its share times the total."""
        (logit,) = self.weights.right.atoms(Indexed)
        if isinstance(entry, sympy.exp) and isinstance(entry.args[0], Indexed) and entry.args[0].base == logit.base:
            places = entry.args[0].indices
        elif isinstance(entry, Indexed) and entry.base == self.weights.target.base:
            places = entry.indices
        else:
            return None
        rename = dict(zip(indices_of(self.output.target), places, strict=True))
        return self.share.xreplace(rename) * self.denominator.xreplace(rename)

    def summed(self, parts):
        """The sum of summands under their sums: what a summed index does not reach comes out of its sum."""
        total = S.Zero
        for body, over in parts:
            body = self.forward(body)
            body = sympy.expand(body) if self.shared else sympy.cancel(sympy.together(body))
            for monomial in sympy.Add.make_args(body):
                total += self._without_sums(monomial, list(over))
        return sympy.expand(total) if self.shared else sympy.cancel(sympy.together(total))

    def _without_sums(self, monomial, over):
        for axis in over:
            outside, inside = monomial.as_independent(axis, as_Add=False)
            assert not inside.has(*(set(over) - {axis})), "a sum in a sum is not reached by these proofs"
            if inside == 1:
                value = axis.upper + 1
            elif self._is_one(inside, axis):
                value = S.One
            else:
                bound = Idx(Symbol("bound", integer=True), axis.upper + 1)
                value = Symbol(f"Sum[{inside.xreplace({axis: bound})}]")
            monomial = outside * value
        return monomial

    def _is_one(self, inside, axis):
        """Whether a sum of such entries is a sum of shares of one."""
        if isinstance(inside, sympy.exp) and self.share.is_Function and isinstance(inside.args[0], Indexed):
            inside = inside.args[0]
            named = name_of(inside) == self.output.name
        else:
            log_share = self.share.is_Function and isinstance(inside, Indexed) and name_of(inside) == self.output.name
            named = isinstance(inside, Indexed) and name_of(inside) in self.ones and not log_share
        return named and self._runs_over_shares(inside, axis)

    def _runs_over_shares(self, entry, axis):
        """Whether the sum runs along the axis over which shares are one."""
        inner = self.total.terms[0]
        return list(entry.indices).index(axis) == list(inner.body.indices).index(inner.over[0])


def proved(program, merge, *, condition=True):
    """Whether the paths that a merge takes together add up to its result, for any width."""
    proof = Proof(program, merge, condition=condition)
    gradients = {adjoint_name(step.name): step.result for step in merge.plain}
    plain = [part for path in merge.paths for part in unfolded(path.result.body, path.result.over, gradients)]
    helpers = {equation.name: equation for equation in merge.helpers}
    closed = unfolded(merge.result.body, merge.result.over, helpers)
    difference = proof.summed(plain) - proof.summed(closed)
    if proof.shared:
        return sympy.expand(difference) == 0
    # Of an exponential and its reciprocal one is the unknown.
    return sympy.cancel(sympy.together(sympy.expand_power_exp(difference).replace(sympy.exp, one_exponential))) == 0


def one_exponential(argument):
    """The exponential over an argument that does not start with a minus."""
    minus = argument.could_extract_minus_sign()
    letter = Symbol(f"exp[{-argument if minus else argument}]")
    return 1 / letter if minus else letter


@pytest.mark.parametrize("row", ROWS)
def test_a_merge_is_what_the_one_rule_gives_for_any_width(row):
    for name in of_row(row):
        program, *merges = merged(name)
        for merge in merges:
            assert proved(program, merge), name


def test_every_merge_of_the_table_is_among_those_proved():
    assert {merge.rewrite for _, merge in every_merge()} == {rule.name for rule in MERGES}


@pytest.mark.parametrize(("name", "loss"), [(name, loss) for name, loss in PAIRS if LOSSES[loss].distribution])
def test_a_merge_that_needs_shares_of_one_is_not_proved_without_them(name, loss):
    for layout in LAYOUTS:
        program, merge = merged(f"{name}, {loss}, mean, {layout}")
        assert proved(program, merge, condition=False) is (merge.condition is None)
        assert (merge.condition == "Y") is (name in NORMALISERS)


WRONG_FORMS = {
    "sign": lambda body: -body,
    "half": lambda body: body / 2,
    "number added": lambda body: body + 1,
    "off by 1e-60": lambda body: body * (1 + S(10) ** -60),
    "factor of the samples": lambda body: body * size("m"),
}


@pytest.mark.parametrize("wrong", WRONG_FORMS)
def test_a_wrong_closed_form_is_refused(wrong):
    for program, merge in some_merges():
        planted = Term(WRONG_FORMS[wrong](merge.result.body), merge.result.over)
        assert not proved(program, dataclasses.replace(merge, result=planted))


def test_a_softmax_gradient_of_the_diagonal_only_is_refused():
    program, merge = merged("hidden softmax, samples-first")
    a, upstream = (Symbol(name) for name in ("a", "u"))
    output, above = merge.upstream.target, merge.upstream.result
    diagonal = (a * (1 - a) * upstream).xreplace({a: output, upstream: above})
    assert proved(program, merge)
    assert not proved(program, dataclasses.replace(merge, result=Term(diagonal)))


def slope_holds(step):
    """Whether the slope written in the output is the local gradient, on every side of every kink."""
    (entry,) = step.local.equation.right.atoms(Indexed)
    output = step.local.equation.target
    for sign in ({"positive": True}, {"negative": True}, {"zero": True}):
        z = Symbol("z", real=True, **sign)
        forward = step.local.equation.right.xreplace({entry: z})
        local = step.local.result.xreplace({output: forward}).xreplace({entry: z})
        told = step.result.xreplace({output: forward}).xreplace({entry: z})
        at = S(2) / 7 if z.is_positive else S(-2) / 7 if z.is_negative else S.Zero
        # A number that is none at one place is enough to deny it.
        with precision(BITS):
            if not Balls({})(opaque((told - local).subs(z, at))).contains(0):
                return False
        if sympy.simplify(sympy.cancel(sympy.together(sympy.piecewise_fold(told - local)))) != 0:
            return False
    return True


@pytest.mark.parametrize("row", SLOPED)
def test_a_slope_in_the_output_is_the_local_gradient(row):
    assert slopes(row)
    assert all(map(slope_holds, slopes(row).values()))


@pytest.mark.parametrize("row", SLOPED)
@pytest.mark.parametrize("wrong", ["sign", "half", "number added", "off by 1e-60"])
def test_a_wrong_slope_is_refused(wrong, row):
    for step in slopes(row).values():
        assert not slope_holds(dataclasses.replace(step, result=WRONG_FORMS[wrong](step.result)))


def test_every_activation_with_a_slope_has_it_told_in_its_output():
    told = {step.row for derivation in DERIVATIONS.values() for step in steps_of(derivation, SlopeInOutput)}
    assert told == set(SLOPED)
    assert {name for name, row in ACTIVATIONS.items() if row.slope is None} == set(ACTIVATIONS) - set(HIDDEN)


# Programs that look like a merge, and would lose a path or count one wrongly if they were one.
m, n, q = size("m"), size("n"), size("q")
i, j, k, l = index("i", m), index("j", n), index("k", n), index("l", q)  # noqa: E741
X, Y, V = tensor("X", m, n), tensor("Y", m, n), tensor("V", m, q)
E, T, A, c = tensor("E", m, n), tensor("S", m, 1), tensor("A", m, n), tensor("c", n)
shares = (
    Equation(E[i, j], sympy.exp(X[i, j])),
    Equation(T[i, 0], sympy.Sum(E[i, k], k)),
    Equation(A[i, j], E[i, j] / T[i, 0]),
)
sigmoid = (Equation(A[i, j], 1 / (1 + sympy.exp(-X[i, j]))),)
entropy = -Y[i, j] * sympy.log(A[i, j])
both = entropy - (1 - Y[i, j]) * sympy.log(1 - A[i, j])


def ending(equations, loss, *, inputs=(X,), parameters=(), targets=(Y,), declared=True):
    distributions = {"Y": j} if declared else {}
    return Program((*equations, Equation(LOSS, loss)), parameters, inputs, targets, distributions)


NO_MERGE = {
    "targets not declared to add up to one": ending(shares, sympy.Sum(entropy, i, j), declared=False),
    "weights of the classes that are learnt": ending(shares, sympy.Sum(c[j] * entropy, i, j), parameters=(c,)),
    "another sum around it": ending(shares, sympy.Sum(entropy * V[i, l], i, j, l), targets=(Y, V)),
    "an index counted twice": ending(shares, sympy.Sum(entropy, i, j, l), targets=(Y, V)),
    "prediction read twice": ending(shares, sympy.Sum(entropy + A[i, j] ** 2, i, j)),
    "sigmoid with learnt weights": ending(sigmoid, sympy.Sum(c[j] * both, i, j), parameters=(c,)),
    "sigmoid with an index counted twice": ending(sigmoid, sympy.Sum(both, i, j, l), targets=(Y, V)),
    "sigmoid spread over the samples": Program(
        (
            Equation(A[i, j], 1 / (1 + sympy.exp(-c[j]))),
            Equation(LOSS, sympy.Sum(both, i, j)),
        ),
        (c,),
        (),
        (Y,),
    ),
}


@pytest.mark.parametrize("case", NO_MERGE)
def test_what_only_looks_like_a_merge_with_the_loss_is_not_one(case):
    for program in (NO_MERGE[case], as_part(NO_MERGE[case])):
        rewrites = {merge.rewrite for merge in steps_of(derive(program), Merge)}
        assert rewrites <= {"softmax Jacobian contracted"}


def test_a_softmax_whose_weights_are_read_elsewhere_is_not_merged():
    program = ending(shares, sympy.Sum(A[i, j] ** 2 + E[i, j], i, j), targets=())
    program = dataclasses.replace(program, distributions={})
    assert steps_of(derive(program), Merge) == []


def test_pairs_that_merge_with_the_loss_do():
    for name, loss in PAIRS:
        whole, part = (
            [merge.rewrite for merge in merged(key)[1:] if not isinstance(merge.upstream.target, Indexed)]
            for key in (f"{name}, {loss}, mean, samples-first", f"{name}, {loss}, samples-first, a part")
        )
        assert bool(whole) is ((name, loss) in MERGE_WITH_LOSS), (name, loss)
        assert whole == part


MERGE_WITH_LOSS = {
    ("softmax", "sparse-categorical-cross-entropy"),
    ("softmax", "kl-divergence"),
    ("log-softmax", "negative-log-likelihood"),
    ("linear", "binary-cross-entropy-from-logits"),
    ("sigmoid", "sparse-categorical-cross-entropy"),
    ("sigmoid", "kl-divergence"),
    ("softmax", "categorical-cross-entropy"),
    ("sigmoid", "binary-cross-entropy"),
    ("sigmoid", "categorical-cross-entropy"),
}


def test_pairs_are_those_that_networks_take():
    assert all(allowed(*pair) for pair in MERGE_WITH_LOSS)
