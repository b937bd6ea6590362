"""Equations are printed as people write them: over entries, and over arrays where that is customary."""

from __future__ import annotations

import pytest
from sympy import Sum, cos, sin, sqrt

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.network import Dense, Network, program_of
from symnn.notation import LOSS, index, scalar, size, tensor
from symnn.report.entries import EntryPrinter
from symnn.report.matrices import matrix_form
from symnn.report.names import Names, size_latex
from symnn.report.render import mathml_of
from tests.report.examples import networks, representative


def printed(network):
    """Return the entries and the matrix form of every equation of a network, forward and backward, by name."""
    derivation = derive(network)
    names = Names(derivation)
    printer = EntryPrinter(names)
    equations = [*derivation.program.equations, *derivation.equations]
    sizes = {str(size) for size in derivation.program.sizes}
    write = {
        equation.name: matrix_form(equation, lambda name: name if name in sizes else names.whole(name))
        for equation in equations
    }
    return {e.name: (printer.equation(e), write[e.name]) for e in equations}


def net(activation="linear", loss="squared-error", layout="features-first", **options):
    return printed(Network(inputs=2, layers=[Dense(3, activation)], loss=loss, layout=layout, **options))


D = r"\frac{{\partial L}}{{\partial {}}}".format
NET = net("sigmoid", "half-squared-error")
ROWS = net("sigmoid", "half-squared-error", "samples-first")
ENTRIES = [
    (NET, "Z1", r"Z^{(1)}_{ji} = \sum_{k} W^{(1)}_{jk} X_{ki} + b^{(1)}_{j}"),
    (NET, "A1", r"A^{(1)}_{ji} = \frac{1}{1 + e^{-Z^{(1)}_{ji}}}"),
    (NET, "L", r"L = \frac{1}{2 m} \sum_{j, i} \left(A^{(1)}_{ji} - Y_{ji}\right)^{2}"),
    (NET, "dA1", D("A^{(1)}_{ji}") + r" = \frac{A^{(1)}_{ji} - Y_{ji}}{m}"),
    (NET, "dW1", D("W^{(1)}_{jk}") + r" = \sum_{i} " + D("Z^{(1)}_{ji}") + " X_{ki}"),
    (NET, "db1", D("b^{(1)}_{j}") + r" = \sum_{i} " + D("Z^{(1)}_{ji}")),
    (ROWS, "Z1", r"Z^{(1)}_{ij} = \sum_{k} W^{(1)}_{kj} X_{ik} + b^{(1)}_{j}"),
    (net("tanh"), "A1", r"A^{(1)}_{ji} = \tanh{\left(Z^{(1)}_{ji} \right)}"),
    (
        net("relu"),
        "A1",
        r"A^{(1)}_{ji} = \begin{cases} Z^{(1)}_{ji} & Z^{(1)}_{ji} > 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
    (net("softmax"), "A1", r"A^{(1)}_{ji} = \frac{E^{(1)}_{ji}}{S^{(1)}_{i}}"),
    (net("linear", reduction="sum"), "L", r"L = \sum_{j, i} \left(Z^{(1)}_{ji} - Y_{ji}\right)^{2}"),
    (
        net("linear", reduction="mean-over-all"),
        "L",
        r"L = \frac{1}{m n_{1}} \sum_{j, i} \left(Z^{(1)}_{ji} - Y_{ji}\right)^{2}",
    ),
    (
        net("sigmoid", "binary-cross-entropy"),
        "L",
        r"L = \frac{1}{m} \sum_{j, i} \left(-\left(1 - Y_{ji}\right) \log{\left(1 - A^{(1)}_{ji} \right)} "
        r"- Y_{ji} \log{\left(A^{(1)}_{ji} \right)}\right)",
    ),
]


@pytest.mark.parametrize(("network", "name", "latex"), ENTRIES, ids=[f"{latex[:60]}" for *_, latex in ENTRIES])
def test_an_equation_over_entries(network, name, latex):
    assert network[name][0] == latex


MATRICES = [
    (NET, "Z1", "W^{(1)} X + b^{(1)}"),
    (NET, "A1", r"\sigma\left(Z^{(1)}\right)"),
    (NET, "L", None),
    (NET, "dA1", r"\frac{1}{m} \left(A^{(1)} - Y\right)"),
    (NET, "dW1", D("Z^{(1)}") + r" {X}^{\!\top}"),
    (NET, "db1", None),
    (NET, "dX", r"{W^{(1)}}^{\!\top} " + D("Z^{(1)}")),
    (ROWS, "Z1", "X W^{(1)} + b^{(1)}"),
    (ROWS, "dW1", r"{X}^{\!\top} " + D("Z^{(1)}")),
    (ROWS, "dX", D("Z^{(1)}") + r" {W^{(1)}}^{\!\top}"),
    (net("relu"), "A1", r"\mathrm{ReLU}\left(Z^{(1)}\right)"),
    (net("softmax"), "E1", None),
    (net("softmax"), "S1", None),
    (net("softmax"), "A1", None),
]


@pytest.mark.parametrize(
    ("network", "name", "latex"), MATRICES, ids=[f"{name} = {latex}" for _, name, latex in MATRICES]
)
def test_an_equation_over_arrays_or_none(network, name, latex):
    assert network[name][1] == latex


ROW, COLUMN = index("i", size("m")), index("j", size("n"))
A, B, V = tensor("A", size("m"), size("n")), tensor("B", size("m"), size("n")), tensor("V", size("n"))
OUT = tensor("O", size("m"), size("n"))
BY_HAND = {
    "entry by entry": (A[ROW, COLUMN] * B[ROW, COLUMN], r"A \odot B"),
    "a square": (A[ROW, COLUMN] ** 2, r"{A}^{\odot 2}"),
    "a difference in the order of reading": (-A[ROW, COLUMN] + B[ROW, COLUMN], "B - A"),
    "a negative product needs no brackets": (A[ROW, COLUMN] - 2 * A[ROW, COLUMN] * B[ROW, COLUMN], r"A - 2 A \odot B"),
    "a product with a vector is no product of matrices": (A[ROW, COLUMN] * V[COLUMN], None),
    "a root": (sqrt(A[ROW, COLUMN]), r"\sqrt{A}"),
}


@pytest.mark.parametrize(("right", "latex"), BY_HAND.values(), ids=BY_HAND)
def test_an_array_equation_by_hand(right, latex):
    assert matrix_form(Equation(OUT[ROW, COLUMN], right), str) == latex


def test_a_sum_of_squares_has_no_matrix_form():
    assert matrix_form(Equation(scalar("L"), Sum(A[ROW, COLUMN] ** 2, ROW, COLUMN)), str) is None


def names_of(network):
    return Names(derive(network))


NAMES = {
    "W1": "W^{(1)}",
    "b12": "b^{(12)}",
    "X": "X",
    "dX": r"\frac{\partial L}{\partial X}",
    "A1_slope": r"\sigma'\bigl(Z^{(1)}\bigr)",
    "gamma": r"\gamma",
    "gain": r"\mathrm{gain}",
    "d": "d",
    "a b": r"\mathrm{a b}",
    "__x": r"\mathrm{\_\_x}",
}


@pytest.mark.parametrize(("name", "latex"), NAMES.items())
def test_a_name_is_written_as_in_the_field(name, latex):
    assert names_of(Network(inputs=2, layers=[Dense(3, "sigmoid")])).whole(name) == latex


def test_a_size_is_a_letter_with_its_number_below():
    assert [size_latex(name) for name in ("m", "n0", "n12", "d")] == ["m", "n_{0}", "n_{12}", "d"]


@pytest.mark.parametrize("which", representative(networks()))
def test_every_formula_becomes_mathml(which):
    network = networks()[which]
    for entries, arrays in printed(network).values():
        for latex in filter(None, (entries, arrays)):
            for display in (True, False):
                mathml = mathml_of(latex, display=display)
                assert mathml.startswith("<math")
                assert "merror" not in mathml


def test_what_is_no_latex_does_not_become_mathml():
    for latex in (r"\nonsense", r"\frac{1", "a & b"):
        with pytest.raises(Exception, match="Error"):
            mathml_of(latex, display=False)


def test_the_program_of_a_network_has_an_equation_for_every_name():
    network = Network(inputs=2, layers=[Dense(3, "softmax")])
    assert {e.name for e in program_of(network).equations} <= printed(network).keys()


def surface(x="x", y="y"):
    """The gradient of x cos x sin² y by x and by y, its names written as given."""
    a, b = scalar("x"), scalar("y")
    program = Program(equations=(Equation(LOSS, a * cos(a) * sin(b) ** 2),), parameters=(a, b), inputs=())
    written = {"x": x, "y": y}
    return {e.name: matrix_form(e, written.__getitem__) for e in derive(program).equations}


def test_a_sum_that_is_a_factor_stands_in_brackets():
    assert surface()["dx"].startswith(r"\left(\cos{\left(x \right)} - x \sin{\left(x \right)}\right) ")


def test_a_negative_number_put_in_stands_in_brackets_behind_an_operator():
    filled = surface("-1.5", "2.5")
    assert r"- \left(-1.5 \sin" in filled["dx"]
    assert filled["dy"].startswith(r"2 \cdot \left(-1.5\right) ")
