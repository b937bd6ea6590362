"""Every equation, printed as NumPy, computes what plain loops compute: a table of forms, and random equations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import interpret, length
from sympy import Abs, Add, Mul, Piecewise, S, Sum, exp, log, sqrt, tanh

from symnn.equations import Equation, occurrences
from symnn.kernels import arrays_of, lines_of
from symnn.kernels.printer import statements
from symnn.notation import LOSS, index, indices_of, name_of, scalar, shape_of, size, tensor

m, n, q = size("m"), size("n"), size("q")
i, j, k, l = (index(letter, extent) for letter, extent in zip("ijkl", (m, n, q, n), strict=True))  # noqa: E741
SIZES = {"m": 2, "n": 3, "q": 4}

a, b, c = tensor("a", m), tensor("b", n), tensor("c", q)
M, N, P, C = tensor("M", m, n), tensor("N", n, q), tensor("P", m, q), tensor("C", m, n, q)
row, column, single, s = tensor("row", 1, n), tensor("column", m, 1), tensor("single", 1), scalar("s")
out, out2, out3 = tensor("out", m), tensor("out", m, n), tensor("out", m, n, q)
kept, single_out = tensor("out", m, 1), tensor("out", 1)


def values_for(equation, sizes, seed=0):
    """Random arrays, all positive, for everything an equation reads."""
    random = np.random.default_rng(seed)
    entries = [entry for term in equation.terms for entry in occurrences(term.body)]
    shapes = {name_of(e): tuple(length(axis, sizes) for axis in shape_of(e)) for e in entries}
    return {
        name: random.uniform(0.5, 2.0, shape) if shape else float(random.uniform(0.5, 2.0))
        for name, shape in sorted(shapes.items())
    }


def run(lines, values, sizes):
    scope = {"np": np, **values, **sizes}
    exec("\n".join(lines), scope)
    return scope


def agrees(equation, sizes, lines=None):
    """Whether the printed lines give the array that the loops give, in its full shape."""
    values = values_for(equation, sizes)
    wanted = interpret(equation, values, sizes)
    got = np.asarray(run(lines or lines_of([equation]), values, sizes)[equation.name])
    return got.shape == wanted.shape and bool(np.allclose(got, wanted, rtol=1e-12, atol=1e-12))


# equation, the text it must be printed as
FORMS = {
    "sum to a scalar": (Equation(LOSS, Sum(b[j], j)), "L = np.sum(b)"),
    "outer sum": (Equation(out2[i, j], a[i] + b[j]), "out = a[:, None] + b"),
    "spread": (Equation(out2[i, j], b[j]), "out = np.broadcast_to(b, (m, n))"),
    "spread of a column": (Equation(out2[i, j], a[i]), "out = np.broadcast_to(a[:, None], (m, n))"),
    "spread of a number": (Equation(out[i], 1 / m), "out = np.broadcast_to(1/m, (m,))"),
    "matrix product": (Equation(out2[i, j], Sum(P[i, k] * N[j, k], k)), "out = P @ N.T"),
    "product, turned": (Equation(tensor("out", n, m)[j, i], Sum(P[i, k] * N[j, k], k)), "out = N @ P.T"),
    "matrix times vector": (Equation(out[i], Sum(M[i, j] * b[j], j)), "out = M @ b"),
    "vector times matrix": (Equation(tensor("out", q)[k], Sum(N[j, k] * b[j], j)), "out = b @ N"),
    "inner product": (Equation(LOSS, Sum(b[j] * tensor("d", n)[j], j)), "L = b @ d"),
    "product plus bias": (Equation(out2[i, j], Sum(P[i, k] * N[j, k], k) + b[j]), "out = P @ N.T + b"),
    "product over m": (Equation(out2[i, j], Sum(P[i, k] * N[j, k], k) / m), "out = (P @ N.T)/m"),
    "minus a product": (Equation(out2[i, j], M[i, j] - Sum(P[i, k] * N[j, k], k)), "out = -P @ N.T + M"),
    "bilinear form": (
        Equation(LOSS, Sum(a[i] * M[i, j] * b[j], i, j)),
        "L = np.sum(M*a[:, None]*b)",
    ),
    "three-index contraction": (
        Equation(out[i], Sum(M[i, j] * N[j, k] * c[k], j, k)),
        'out = np.einsum("a,bc,ca->b", c, M, N)',
    ),
    "two sums, two axes": (Equation(LOSS, Sum(M[i, j] ** 2, i, j)), "L = np.sum(M**2)"),
    "two sums of three axes": (Equation(out[i], Sum(C[i, j, k], j, k)), "out = C.sum(axis=(1, 2))"),
    "sum, axis kept": (Equation(kept[i, 0], Sum(M[i, j], j)), "out = M.sum(axis=1, keepdims=True)"),
    "sum over everything, axis kept": (Equation(single_out[0], Sum(M[i, j], i, j)), None),
    "axis of length 1 broadcasts": (Equation(out2[i, j], M[i, j] * row[0, j] + column[i, 0]), "out = M*row + column"),
    "axis of length 1 dropped": (Equation(out[i], column[i, 0] ** 2), "out = column[:, 0]**2"),
    "axis of length 1 made": (Equation(kept[i, 0], a[i] ** 2), "out = a[:, None]**2"),
    "first axis of length 1 made": (Equation(tensor("out", 1, n)[0, j], b[j] ** 2), None),
    "entry of a vector of length 1": (Equation(LOSS, Sum(a[i], i) + single[0] ** 2), None),
    "only an entry of a vector of length 1": (Equation(LOSS, single[0] ** 2), None),
    "all of length 1": (Equation(tensor("out", 1, 1)[0, 0], tensor("t", 1, 1)[0, 0] * single[0]), None),
    "transposed operand": (Equation(tensor("out", n, m)[j, i], M[i, j] ** 2), "out = M.T**2"),
    "axes turned round": (Equation(tensor("out", q, m, n)[k, i, j], C[i, j, k]), None),
    "sum of a sum": (Equation(LOSS, Sum(a[i] + 1, i)), "L = np.sum(1 + a)"),
    "sum of a difference": (Equation(LOSS, Sum(M[i, j] - b[j], i, j)), "L = np.sum(M - b)"),
    "sum over an index nothing has": (Equation(LOSS, Sum(a[i], i, j)), None),
    "sum of a number": (Equation(LOSS, Sum(S.One, i) / 2), None),
    "sum that lacks an axis": (Equation(out2[i, j], Sum(P[i, k] ** 2, k)), None),
    "product that lacks an axis": (Equation(tensor("out", n, m)[j, i], Sum(P[i, k] * c[k], k)), None),
    "contraction that lacks an axis": (Equation(out3[i, j, k], Sum(M[i, l] * tensor("D", n, n)[l, j], l)), None),
    "kept sum that lacks an axis": (Equation(tensor("out", m, 1)[i, 0], Sum(b[j], j)), None),
    "two sums": (Equation(out[i], Sum(M[i, j] ** 2, j) + Sum(P[i, k] * c[k], k) - a[i]), None),
    "number times a sum": (Equation(LOSS, s * Sum(a[i] ** 2, i) / (2 * m)), "L = np.sum(a**2)*s/(2*m)"),
    "negative indicator": (Equation(out[i], -Piecewise((1, a[i] > 1), (0, True))), None),
    "difference of indicators": (
        Equation(out[i], Piecewise((1, a[i] > 1), (0, True)) - Piecewise((1, column[i, 0] > 1), (0, True))),
        None,
    ),
    "indicator as a mask": (
        Equation(out[i], a[i] * Piecewise((1, a[i] > 1), (0, True))),
        "out = a*(a > 1)",
    ),
    "three branches": (Equation(out[i], Piecewise((a[i], a[i] > 1), (a[i] ** 2, a[i] > S.Half), (0, True))), None),
    "roots, logs and powers": (Equation(out[i], log(a[i]) / sqrt(a[i] + 1) + a[i] ** S("3/2") + Abs(a[i] - 1)), None),
    "a third stays a quotient": (Equation(out[i], a[i] / 3), "out = a/3"),
    "two minuses": (Equation(out[i], -(a[i] - (column[i, 0] - 1))), None),
    "shared parts": (Equation(out[i], exp(-a[i]) / (1 + exp(-a[i])) ** 2), None),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_equation_computes_what_loops_compute(form):
    assert agrees(FORMS[form][0], SIZES)


@pytest.mark.parametrize("form", [name for name, (_, text) in FORMS.items() if text])
def test_an_equation_is_printed_as_people_write_it(form):
    equation, text = FORMS[form]
    assert lines_of([equation]) == [text]


@pytest.mark.parametrize("form", FORMS)
def test_axes_of_length_one_by_chance_change_nothing(form):
    assert agrees(FORMS[form][0], dict.fromkeys(SIZES, 1))


WRONG = {
    "transposed away": ("matrix product", "out = N @ P.T"),
    "wrong sign": ("outer sum", "out = a[:, None] - b"),
    "not spread": ("spread", "out = b"),
    "summed over one axis only": ("two sums, two axes", "L = (M**2).sum(axis=0)"),
    "a dropped number": ("sum of a sum", "L = np.sum(a)"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_line_is_seen(wrong):
    form, line = WRONG[wrong]
    assert not agrees(FORMS[form][0], SIZES, [line])


def test_a_product_is_never_spelt_as_a_contraction():
    for form, (equation, text) in FORMS.items():
        if text and " @ " in text:
            assert "einsum" not in "".join(lines_of([equation])), form


def test_array_equations_do_not_share_their_parts():
    first = arrays_of(Equation(out[i], Sum(M[i, j] * b[j], j)))
    second = arrays_of(Equation(out[i], Sum(exp(P[i, k]) * tanh(exp(P[i, k])), k)))
    told = statements(first), statements(second)
    assert told == (statements(first), statements(second))
    assert told[0] == ["out = M @ b"]


POOL = (i, j, k, l)


@st.composite
def equations(draw):
    """A random equation: one or two sums of products and functions of random tensors, over a random target."""
    numbers = iter(range(1000))

    def axes(pool):
        chosen = list(draw(st.permutations(pool)))[: draw(st.integers(0, 3))]
        if draw(st.integers(0, 3)) == 0:
            chosen.insert(draw(st.integers(0, len(chosen))), 0)
        return tuple(chosen)

    def entry(pool):
        chosen = axes(pool)
        name = f"t{next(numbers)}"
        if not chosen:
            return scalar(name)
        return tensor(name, *(1 if axis == 0 else axis.upper + 1 for axis in chosen))[chosen]

    def body(pool):
        kind = draw(st.sampled_from(("product", "product", "sum", "exp", "quotient", "square", "mask", "mixed")))
        parts = [entry(pool) for _ in range(draw(st.integers(1, 3)))]
        return {
            "product": lambda: Mul(*parts),
            "sum": lambda: Add(*parts, draw(st.integers(-1, 1))),
            "exp": lambda: exp(-Mul(*parts)),
            "quotient": lambda: parts[0] / (1 + Add(*parts) ** 2),
            "square": lambda: -(Add(*parts) ** 2) / m,
            "mask": lambda: Mul(*parts) * Piecewise((1, parts[-1] > 1), (0, True)),
            "mixed": lambda: parts[0] * tanh(Add(*parts)) - parts[-1] / n,
        }[kind]()

    left = axes(POOL)
    target = tensor("out", *(1 if axis == 0 else axis.upper + 1 for axis in left))[left] if left else LOSS
    right = S.Zero
    for _ in range(draw(st.integers(1, 2))):
        new = body(POOL)
        over = {axis for entry_ in occurrences(new) for axis in indices_of(entry_)} - set(left) - {S.Zero}
        over |= {axis for axis in draw(st.sets(st.sampled_from(POOL), max_size=1)) if axis not in left}
        right += Sum(new, *sorted(over, key=str)) if over else new
    return Equation(target, right)


@settings(deadline=None, max_examples=150)
@given(equations(), st.tuples(*[st.integers(1, 3)] * 3))
def test_a_random_equation_computes_what_loops_compute(equation, extents):
    sizes = dict(zip("mnq", extents, strict=True))
    assert agrees(equation, sizes), "\n".join([str(equation), *lines_of([equation])])
