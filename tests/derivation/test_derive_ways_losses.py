"""Every loss's derivative is derived step by step, and every step is true, in letters as in numbers.

Nothing here takes a derivative from the table of derivations: SymPy differentiates what stands before and after a move.
"""

from __future__ import annotations

import dataclasses
import itertools
from functools import cache

import pytest
from sympy import Abs, Add, Lt, Piecewise, Rational, S, Sum, Symbol, diff, exp, log, sign, simplify

from symnn.derivation.ways import WAYS, ways_of
from symnn.derivation.ways_logits import CLASS, TARGETS
from symnn.derivation.ways_losses import u
from symnn.derivation.ways_normalisers import LOGITS, OUTPUTS, J, K
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.rules.activations import z
from symnn.rules.functions import TimesLog
from symnn.rules.losses import delta, p, y
from symnn.rules.normalisers import e as weight
from symnn.rules.normalisers import s as total
from tests.grids import covering

HERE = {key: way for key, way in WAYS.items() if way.row in LOSSES}
BY_PREDICTION = [way for way in HERE.values() if "through" not in way.name]
BY_LOGITS = [way for way in HERE.values() if "through" in way.name]
IN_INDICES = [way for way in BY_LOGITS if LOSSES[way.row].partner in NORMALISERS]
MOVES = {f"{row}, {name}, {move.rule}": (way, move) for (row, name), way in HERE.items() for move in way.moves}

JOINT = Rational(3, 4)
NUMBERS = [Rational(number, 12) for number in (-30, -12, -5, 0, 2, 9, 11, 12, 30)]
UNITS = [Symbol(f"z{unit}", real=True) for unit in range(3)]
SHARED = [Symbol("y0", positive=True), Symbol("y1", positive=True)]


def splits(row):
    """What is 0 where a loss goes from one case to the next: its kinks, and joints that are none."""
    parts = {point for point, _ in row.kinks}
    for piecewise in row.summand.atoms(Piecewise):
        parts |= {condition.lhs - condition.rhs for _, condition in piecewise.args if condition != S.true}
    return parts


def places(way):
    """Numbers for the target and the prediction that a row takes, away from where its cases meet."""
    return places_of(way.row)


@cache
def places_of(name):
    row = LOSSES[name]
    parts = splits(row)
    pairs = [(a, b) for a in NUMBERS if a in row.targets for b in NUMBERS if b in row.predictions]
    numbers = ({y: a, p: b, delta: JOINT} for a, b in pairs)
    return [where for where in numbers if all(part.subs(where) != 0 for part in parts)]


def logit_places(way):
    """For a logit before a sigmoid its number; before a softmax the unit, the class and the logits."""
    if way in IN_INDICES:
        logits = dict(zip(UNITS, (Rational(1, 2), Rational(-3, 4), Rational(2)), strict=True))
        shares = dict(zip(SHARED, (Rational(1, 5), Rational(1, 2)), strict=True))
        yield from ((own, of, logits | shares) for own, of in itertools.product(range(3), repeat=2))
    else:
        yield from ({y: at, z: number} for at in (S.Zero, S.One, Rational(2, 7)) for number in NUMBERS)


def in_units(way, expression, own, of):
    """An expression in indices, written out for three units; the targets add up to one."""
    written = expression.xreplace(dict(way.letters))
    written = written.replace(Sum, lambda body, limit: Add(*(body.xreplace({limit[0]: S(unit)}) for unit in range(3))))
    written = written.xreplace({K: S(own), CLASS: S(of)})
    shares = (*SHARED, 1 - SHARED[0] - SHARED[1])
    entries = {LOGITS[unit]: letter for unit, letter in enumerate(UNITS)}
    return written.xreplace(entries | {TARGETS[unit]: share for unit, share in enumerate(shares)}).doit()


def times_log(target, share):
    return S.Zero if target == 0 else target * log(share)


def number(expression, where):
    return S(expression.doit().subs(where).replace(TimesLog, times_log)).evalf(30)


def decided(expression, where):
    """The expression with the case that holds at a place for each Piecewise, and the sign there for each size."""
    at = {**where, u: where[p] - where[y]}
    expression = expression.replace(
        Piecewise, lambda *cases: next(value for value, condition in cases if condition.subs(at) == S.true)
    )
    return expression.replace(Abs, lambda inner: inner * sign(inner.subs(at))).replace(sign, lambda i: sign(i.subs(at)))


def holds_in_numbers(way, move):
    """Whether both sides of a move are one number, to 25 digits, at every place."""
    if way in BY_PREDICTION:
        gaps = (number(move.before, at) - number(move.after, at) for at in places(way))
    elif way in IN_INDICES:
        gaps = (
            number(in_units(way, move.before, own, of), at) - number(in_units(way, move.after, own, of), at)
            for own, of, at in logit_places(way)
        )
    else:
        before, after = (side.subs(way.letters) for side in (move.before, move.after))
        gaps = (number(before, at) - number(after, at) for at in logit_places(way))
    return all(abs(gap) < Rational(1, 10**25) for gap in gaps)


@cache
def is_zero(expression):
    """Whether an expression is 0 whatever its letters are; a number that is none at one place is enough to deny it."""
    expression = expression.replace(TimesLog, times_log)
    letters = sorted(expression.free_symbols, key=str)
    # Between 0 and 1, where every logarithm has a value.
    there = expression.subs({letter: Rational(2 + at, 7 + 3 * at) for at, letter in enumerate(letters)})
    if (value := there.evalf(30)).is_number and abs(value) > Rational(1, 10**25):
        return False
    return simplify(expression) == 0


def holds_in_letters(way, move):
    """Whether both sides of a move are one expression in the letters, in every case that there is."""
    if way in IN_INDICES:
        return all(
            is_zero(in_units(way, move.before, own, of) - in_units(way, move.after, own, of))
            for own, of, _ in logit_places(way)
        )
    if way in BY_LOGITS:
        return is_zero(move.before.subs(way.letters).doit() - move.after.subs(way.letters).doit())
    for at in places(way):
        before, after = (done(decided(side, at)) for side in (move.before, move.after))
        # Targets that are labels stand for themselves, and any other for all.
        labels = {y: at[y]} if LOSSES[way.row].targets.is_FiniteSet else {}
        if not is_zero((before - after).subs(labels)):
            return False
    return True


@cache
def done(expression):
    """The expression with what it says is to be done, as a derivative, done."""
    return expression.doit()


@pytest.mark.parametrize("way", BY_PREDICTION, ids=lambda way: way.row)
def test_a_way_is_tried_on_every_side_of_every_kink(way):
    found = list(places(way))
    assert len(found) >= 5
    for part in splits(LOSSES[way.row]):
        assert {sign(part.subs(at)) for at in found} == {-1, 1}


# Every row, every way and every rule is among them.
FORMS = covering((way.row, way.name, move.rule) for way, move in MOVES.values())


@pytest.mark.parametrize("name", list(map(", ".join, FORMS)))
def test_a_move_changes_nothing_but_the_form(name):
    assert holds_in_numbers(*MOVES[name])
    assert holds_in_letters(*MOVES[name])


# Every row, every rule and every wrong is among them.
WRONG_MOVES = covering(
    (way.row, way.name, move.rule, wrong)
    for wrong in ("one more", "doubled", "off by 1e-20")
    for way, move in MOVES.values()
)


@pytest.mark.parametrize(("row", "name", "rule", "wrong"), WRONG_MOVES)
def test_a_wrong_move_is_refused(row, name, rule, wrong):
    way, move = MOVES[f"{row}, {name}, {rule}"]
    after = {
        "one more": move.after + 1,
        "doubled": 2 * move.after + Rational(1, 7),
        "off by 1e-20": move.after * (1 + S(10) ** -20) + S(10) ** -20,
    }[wrong]
    planted = dataclasses.replace(move, after=after)
    assert not holds_in_numbers(way, planted)
    assert not holds_in_letters(way, planted)


HUBER_FAR = delta * sign(p - y)
# What people write in place of a step of each kind: the row and the rule, and what is put where it arrives.
PLANTED = {
    "the inner derivative forgotten in a logarithm": (
        "binary-cross-entropy",
        "difference rule",
        -y / p - (1 - y) / (1 - p),
    ),
    "target and prediction exchanged": ("binary-cross-entropy", "common denominator", (y - p) / (p * (1 - p))),
    "the exponent kept": ("half-squared-error", "power rule", 2 * (p - y)),
    "the cases of Huber's loss exchanged": (
        "huber",
        "absolute value rule",
        Piecewise((p - y, Lt(delta, Abs(p - y))), (HUBER_FAR, True)),
    ),
    "a slope of one far out": ("huber", "no kink", Piecewise((p - y, Abs(p - y) <= delta), (sign(p - y), True))),
    "a sign of the target": ("hinge", "identity", Piecewise((y, p * y < 1), (S.Zero, True))),
    "the margin of the hinge left out": ("hinge", "identity", Piecewise((-y, p * y < 0), (S.Zero, True))),
    "the target of a one-hot class dropped": ("sparse-categorical-cross-entropy", "one formula", -1 / p),
    "the logarithm's own derivative with respect to the target": ("kl-divergence", "constant term", 1 - y / p),
    "one side of the absolute error": ("absolute-error", "difference rule", S.One),
    "the diagonal only": ("categorical-cross-entropy", "in the prediction", OUTPUTS[K] * (1 - OUTPUTS[K])),
    "the target of no unit": ("categorical-cross-entropy", "one term is left", exp(LOGITS[K]) / Sum(exp(LOGITS[J]), J)),
    "the share in place of its logarithm": ("negative-log-likelihood", "in the prediction", OUTPUTS[K] - TARGETS[K]),
    "the slope of the sigmoid not cancelled": ("binary-cross-entropy", "cancellation", (p - y) * p * (1 - p)),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_mistake_that_people_make_is_refused(planted):
    row, rule, wrong = PLANTED[planted]
    way, move = next((way, move) for way, move in MOVES.values() if (way.row, move.rule) == (row, rule))
    assert holds_in_letters(way, move)
    assert not holds_in_letters(way, dataclasses.replace(move, after=wrong))
    assert not holds_in_numbers(way, dataclasses.replace(move, after=wrong))


@pytest.mark.parametrize("way", BY_PREDICTION, ids=lambda way: way.row)
def test_a_way_by_the_prediction_leads_from_the_row_s_summand_to_its_derivative(way):
    row = LOSSES[way.row]
    assert way.moves[0].before.expr == row.summand
    assert way.moves[0].before.variables == (p,)
    slope = row.slope if row.slope is not None else diff(row.summand, p)
    for at in places(way):
        assert is_zero(decided(way.result, at) - decided(slope, at))


def loss_of_logits(way, of):
    """The loss of a sample, by the rows alone: logits through the partner, summands added up."""
    row = LOSSES[way.row]
    shares = (
        [S(int(unit == of)) for unit in range(3)] if TARGETS[J] in way.letters else (*SHARED, 1 - SHARED[0] - SHARED[1])
    )
    if way not in IN_INDICES:
        return row.summand.subs(p, ACTIVATIONS[row.partner].forward)
    partner = NORMALISERS[row.partner]
    weights = [partner.weight.subs(z, logit) for logit in UNITS]
    outputs = [
        partner.output.subs({z: logit, weight: own, total: Add(*weights)})
        for logit, own in zip(UNITS, weights, strict=True)
    ]
    return Add(*(row.summand.subs({y: share, p: a}) for share, a in zip(shares, outputs, strict=True)))


@pytest.mark.parametrize("way", BY_LOGITS, ids=lambda way: way.row)
def test_a_way_by_the_logit_leads_from_the_loss_behind_its_partner_to_its_derivative(way):
    assert way.name == f"logit through the {LOSSES[way.row].partner}"
    for at in logit_places(way):
        if way in IN_INDICES:
            own, of, where = at
            start, slope = in_units(way, way.moves[0].before, own, of), in_units(way, way.result, own, of)
            wanted = diff(loss_of_logits(way, of), UNITS[own])
        else:
            where = at
            start, slope = way.moves[0].before, way.result.subs(way.letters)
            wanted = diff(loss_of_logits(way, None), z)
        for found in (start, slope):
            assert abs(number(found, where) - number(wanted, where)) < Rational(1, 10**25)


def test_every_loss_with_a_partner_of_logits_is_derived_by_the_logit():
    partners = {row.name: row.partner for row in LOSSES.values() if row.partner not in ("linear", "sign")}
    assert {way.row: way.name.removeprefix("logit through the ") for way in BY_LOGITS} == partners


@pytest.mark.parametrize("row", [row for row in LOSSES.values() if row.kinks and not row.no_gradient], ids=str)
def test_the_slope_at_a_kink_is_the_one_declared(row):
    (way,) = ways_of(row.name)
    ((kink, declared),) = row.kinks
    met = [{y: at[0], p: at[1]} for at in itertools.product(NUMBERS, repeat=2) if at[0] in row.targets]
    met = [at for at in met if kink.subs(at) == 0]
    assert met
    assert all(way.result.subs(at) == declared.subs(at) for at in met)
    assert "declared value" in [move.rule for move in way.moves]


@pytest.mark.parametrize("side", [-1, 1])
def test_the_cases_of_huber_s_loss_meet_without_a_kink(side):
    (way,) = ways_of("huber")
    (near, _), (far, _) = way.result.args
    at_joint = {p: y + side * delta}
    assert simplify((near - far).subs(at_joint).subs(delta, JOINT)) == 0
    assert simplify((near - 2 * far).subs(at_joint).subs(delta, JOINT)) != 0


def test_a_loss_without_a_gradient_has_no_way_and_says_why():
    assert ways_of("zero-one") == ()
    assert "flat" in LOSSES["zero-one"].no_gradient


def test_a_one_hot_target_is_a_kronecker_delta_only_where_it_is_said():
    assert [way.row for way in IN_INDICES if TARGETS[J] in way.letters] == ["sparse-categorical-cross-entropy"]
