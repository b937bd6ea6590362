"""A kernel is the NumPy that a person would write: readable, checked at its door, right up to ±800, and repeatable."""

from __future__ import annotations

import ast
import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from sympy import FiniteSet, Piecewise, Sum

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.errors import InputError, ShapeError
from symnn.kernels import evaluate, forward_kernel, kernel_source, needed
from symnn.kernels.kernel import with_watch
from symnn.network import LAYOUTS, REDUCTIONS, Dense, Network, program_of, program_of_loss
from symnn.notation import LOSS, SAMPLES, index, scalar, size, tensor
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.scalars import array, ball, midpoints, running
from tests.grids import covering

EVERY = [*(name for name, row in ACTIVATIONS.items() if row.no_gradient is None), *NORMALISERS]
LEARNING = [name for name, row in LOSSES.items() if row.no_gradient is None]


def allowed(activation, loss):
    try:
        return bool(Network(1, [Dense(2, activation)], loss))
    except InputError:
        return False


PLAIN = ("linear", "sigmoid", "relu", *NORMALISERS)
# Every activation under one loss, every loss under every activation of these.
PAIRS = [
    (name, loss)
    for name, loss in itertools.product(EVERY, LEARNING)
    if (name in PLAIN or loss == "squared-error") and allowed(name, loss)
]


def regression(layout="features-first", **changed):
    return Network(**({"inputs": 3, "layers": [Dense(4, "tanh"), Dense(2)], "layout": layout} | changed))


def a_point(network, samples=5, seed=0):
    """Parameters and data of the shapes of a network; targets are one-hot, or -1 and 1 where they must be."""
    random = np.random.default_rng(seed)
    params = {name: random.normal(size=shape) for name, shape in network.shapes.items()}
    x = random.normal(size=(samples, network.inputs))
    y = np.eye(network.widths[-1])[random.integers(network.widths[-1], size=samples)]
    if LOSSES[network.loss].targets == FiniteSet(-1, 1):
        y = 2 * y - 1
    turn = (lambda rows: rows.T.copy()) if network.layout == "features-first" else (lambda rows: rows)
    return params, turn(x), turn(y)


SOURCES = {
    "regression": (
        regression("samples-first", loss="half-squared-error"),
        '''\
import numpy as np


def kernel(params, X, Y):
    """Loss and exact gradients of the 3-4-2 network."""
    W1 = params["W1"]
    b1 = params["b1"]
    W2 = params["W2"]
    b2 = params["b2"]
    m = Y.shape[0]

    # forward pass
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    L = np.sum((Z2 - Y)**2)/(2*m)

    # backward pass
    dZ2 = (Z2 - Y)/m
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1*(1 - A1**2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)

    return L, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
''',
    ),
    "classes": (
        Network(3, [Dense(4, "relu"), Dense(2, "softmax", bias=False)], "categorical-cross-entropy", "sum"),
        '''\
import numpy as np


def kernel(params, X, Y):
    """Loss and exact gradients of the 3-4-2 network."""
    W1 = params["W1"]
    b1 = params["b1"]
    W2 = params["W2"]

    # forward pass
    Z1 = W1 @ X + b1
    A1 = np.where(Z1 > 0, Z1, 0)
    Z2 = W2 @ A1
    E2 = np.exp(Z2)
    S2 = E2.sum(axis=0, keepdims=True)
    A2 = E2/S2
    L = -np.sum(Y*np.log(A2))

    # backward pass
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T
    dA1 = W2.T @ dZ2
    dZ1 = dA1*(A1 > 0)
    dW1 = dZ1 @ X.T
    db1 = dZ1.sum(axis=1, keepdims=True)

    return L, {"W1": dW1, "b1": db1, "W2": dW2}
''',
    ),
}


def statements(source):
    """The assignments of a kernel, in no particular order: a text may say independent things in any."""
    return sorted(line.strip() for line in source.splitlines() if " = " in line)


@pytest.mark.parametrize("name", SOURCES)
def test_a_plain_kernel_is_the_text_a_person_would_write(name):
    network, text = SOURCES[name]
    source = derive(network).compile(stable=False).source
    assert statements(source) == statements(text)
    assert [line for line in source.splitlines() if " = " not in line] == [
        line for line in text.splitlines() if " = " not in line
    ]


@pytest.mark.parametrize(("name", "layout", "stable"), covering(itertools.product(EVERY, LAYOUTS, [True, False])))
def test_no_network_needs_more_than_products_and_sums(name, layout, stable):
    source = derive(Network(3, [Dense(4, name), Dense(2, name)], layout=layout)).compile(["W1", "X"], stable=stable)
    assert "einsum" not in source.source
    assert source.source.count(" @ ") == 2 + 4 - 1  # two layers forward, three products back
    assert max(map(len, source.source.splitlines())) < 120
    imports = [node for node in ast.walk(ast.parse(source.source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import math"] * (name == "gelu") + ["import numpy as np"]


def test_a_kernel_without_data_takes_the_parameters_alone():
    W = tensor("W", SAMPLES)
    program = Program((Equation(LOSS, Sum(W[index("i", SAMPLES)] ** 2, index("i", SAMPLES))),), (W,), ())
    for kernel in (derive(program).compile(), forward_kernel(program)):
        assert "def kernel(params):\n" in kernel.source
        assert kernel({"W": np.array([3.0, 4.0])})[0] == 25


def test_a_kernel_without_a_backward_pass_is_the_loss_alone():
    kernel = derive(regression()).compile([])
    assert "backward" not in kernel.source
    loss, grads = kernel(*a_point(regression()))
    assert grads == {}
    assert loss > 0


WRT = (["W1"], ["b2", "X"], ["X"], ["W2", "b1", "Z1"])


@pytest.mark.parametrize("wrt", WRT, ids=str)
def test_only_the_gradients_asked_for_are_computed(wrt):
    derivation = derive(regression())
    kernel = derivation.compile(wrt)
    loss, grads = kernel(*a_point(regression()))
    all_loss, all_grads = derivation.compile(["W1", "b1", "W2", "b2", "X", "Z1"])(*a_point(regression()))
    assert list(grads) == wrt
    assert loss == all_loss
    assert all(np.array_equal(grads[name], all_grads[name]) for name in wrt)
    if wrt == ["b2", "X"]:
        assert "dW" not in kernel.source
    if wrt == ["W1"]:
        assert "dX" not in kernel.source
        assert "db" not in kernel.source


# Every pairing at pre-activations of ±800, where the plain formula overflows.

FAR = [[800.0, -800.0], [-800.0, 800.0], [800.0, 800.0], [-800.0, -800.0], [0.5, -800.0], [800.0, -0.25]]
TARGETS = [[1.0, 0.0], [1.0, 0.0], [0.25, 0.75], [0.875, 0.125], [0.0, 1.0], [0.0, 1.0]]
WEIGHTS = [[1.0, 0.0], [0.0, 1.0]]


def far_out(network):
    """Parameters that let X through to the first pre-activation, and data of ±800."""
    first = network.layout == "features-first"
    params = {name: np.array(WEIGHTS) if name[0] == "W" else np.zeros(s) for name, s in network.shapes.items()}
    turn = (lambda rows: np.array(rows).T) if first else np.array
    row = LOSSES[network.loss]
    targets = np.round(TARGETS) if isinstance(row.targets, FiniteSet) else np.array(TARGETS)
    return params, turn(FAR), turn(2 * targets - 1 if row.targets == FiniteSet(-1, 1) else targets)


def right(network):
    """Whether the kernel over floats is finite and the same as the plain formulas over balls of 6000 bits."""
    params, *data = far_out(network)
    derivation = derive(network)
    wanted = [*params, "X"]
    loss, grads = derivation.compile(wanted)(params, *data)
    system = ball(6000)
    with running(system):
        balls = {name: array(values, system) for name, values in params.items()}
        exact_loss, exact = derivation.compile(wanted, stable=False)(balls, *(array(rows, system) for rows in data))
    return near(loss, exact_loss) and all(near(grads[name], exact[name]) for name in wanted)


def near(got, exact):
    """Whether floats are balls up to a few roundings of the largest number that cancels in them."""
    exact = np.asarray(midpoints(exact))
    scale = max(1.0, float(np.max(np.abs(exact))))
    return bool(np.all(np.isfinite(got)) and np.max(np.abs(got - exact)) <= 1e-13 * scale)


def test_a_wrong_or_missing_number_is_not_near():
    truth = ball(100).lift(800)
    assert near(800.0, truth)
    assert not any(near(wrong, truth) for wrong in (800.0 + 1e-9, np.nan, np.inf, -800.0))


@pytest.mark.parametrize(("layout", "pair"), covering(itertools.product(LAYOUTS, PAIRS)), ids=str)
def test_a_kernel_is_finite_and_right_at_800(layout, pair):
    name, loss = pair
    assert right(Network(2, [Dense(2, name)], loss, layout=layout))


@pytest.mark.parametrize(("layout", "name"), covering(itertools.product(LAYOUTS, EVERY)), ids=str)
def test_a_hidden_layer_is_finite_and_right_at_800(layout, name):
    assert right(Network(2, [Dense(2, name), Dense(2)], "half-squared-error", layout=layout))


def test_the_plain_formulas_would_not_be():
    network = Network(2, [Dense(2, "sigmoid")], "binary-cross-entropy")
    params, *data = far_out(network)
    with pytest.raises(RuntimeWarning, match=r"overflow|divide by zero"):
        derive(network).compile(stable=False)(params, *data)


@pytest.mark.parametrize(("layout", "reduction"), [*itertools.product(LAYOUTS, REDUCTIONS)])
def test_a_plain_kernel_runs_over_fractions_as_it_stands(layout, reduction):
    """A squared error of a linear network is quadratic in each single entry: central differences are exact."""
    network = Network(2, [Dense(2), Dense(3)], "squared-error", reduction, layout)
    fraction = np.vectorize(lambda x: Fraction(int(x), 7), otypes=[object])
    random = np.random.default_rng(0)
    arrays = {name: fraction(random.integers(-9, 9, shape)) for name, shape in network.shapes.items()}
    _, x, y = a_point(network, samples=2)
    arrays |= {"X": fraction(7 * x.round()), "Y": fraction(7 * y)}
    kernel = derive(network).compile([*network.shapes, "X"], stable=False)

    def run(values):
        return kernel({name: values[name] for name in network.shapes}, values["X"], values["Y"])

    _, grads = run(arrays)
    for name, grad in grads.items():
        assert grad.shape == arrays[name].shape
        for place in np.ndindex(grad.shape):
            losses = []
            for step in (1, -1):
                moved = arrays[name].copy()
                moved[place] += step
                losses.append(run(arrays | {name: moved})[0])
            assert isinstance(grad[place], Fraction)
            assert grad[place] == (losses[0] - losses[1]) / 2


@pytest.mark.parametrize(("name", "layout", "stable"), covering(itertools.product(EVERY, LAYOUTS, [True, False])))
def test_a_kernel_changes_nothing_it_is_given_and_repeats_itself(name, layout, stable):
    network = Network(
        3, [Dense(4, name), Dense(3, name), Dense(2, "softmax")], "categorical-cross-entropy", layout=layout
    )
    kernel = derive(network).compile(stable=stable)
    params, x, y = a_point(network)
    given = {**params, "X": x, "Y": y}
    before = {key: value.copy() for key, value in given.items()}
    first, grads = kernel(params, x, y)
    kept = {key: value.copy() for key, value in grads.items()}
    for value in given.values():
        value.setflags(write=False)
    second, again = kernel(params, x, y)
    assert first == second
    assert all(np.array_equal(before[key], value) for key, value in given.items())
    assert all(np.array_equal(grads[key], again[key]) for key in grads)
    assert all(np.array_equal(grads[key], kept[key]) for key in grads), "a second call changed what the first gave"
    assert not any(np.shares_memory(grad, value) for grad in grads.values() for value in given.values())


@pytest.mark.parametrize(("loss", "layout"), covering(itertools.product(LEARNING, LAYOUTS)))
def test_targets_of_bytes_are_taken_as_numbers(loss, layout):
    """One-hot targets often come as uint8, in which minus one is 255."""
    network = Network(3, [Dense(2, LOSSES[loss].partner)], loss, layout=layout)
    kernel = derive(network).compile()
    params, x, y = a_point(network)
    (loss_a, a), (loss_b, b) = (
        kernel(params, x, y),
        kernel(params, x, y.astype(np.uint8 if (y >= 0).all() else np.int8)),
    )
    assert loss_a == loss_b
    assert all(np.array_equal(a[key], b[key]) for key in a)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("stable", [True, False])
def test_class_labels_are_the_one_hot_targets_they_stand_for(layout, stable):
    network = Network(3, [Dense(4, "softmax")], "sparse-categorical-cross-entropy", layout=layout)
    kernel = derive(network).compile(stable=stable)
    params, x, y = a_point(network)
    labels = y.argmax(axis=0 if layout == "features-first" else 1)
    (by_labels, one), (by_rows, other) = kernel(params, x, labels), kernel(params, x, y)
    dense = replace(network, loss="categorical-cross-entropy")
    by_other_loss, _ = derive(dense).compile(stable=stable)(params, x, y)
    assert by_labels == by_rows == by_other_loss
    assert all(np.array_equal(one[key], other[key]) for key in one)
    values = derive(network).evaluate(params, x, labels)
    assert np.array_equal(values["Y"], y)
    with pytest.raises(ShapeError):
        derive(dense).compile()(params, x, labels)


NO_TARGETS = {
    "label that is no class": ("sparse-categorical-cross-entropy", [0, 1, 3, 4, 2], "sample 3 is no class", "0 to 3"),
    "negative label": ("sparse-categorical-cross-entropy", [0, -1, 3, 1, 2], "sample 1 is no class", "Y[1] = -1"),
    "labels as floats": ("sparse-categorical-cross-entropy", [0.0, 1, 3, 1, 2], "must be integers", "one-hot"),
    "shares for a class": ("sparse-categorical-cross-entropy", np.full((4, 5), 0.25), "Y[0, 0] = 0.25", "one of 0, 1"),
    "0 and 1 for a margin": ("hinge", np.eye(4, 5), "Y[0, 1] = 0.0", "one of -1, 1"),
    "0 and 1 for a perceptron": ("perceptron", np.ones((4, 5)) - np.eye(4, 5), "Y[0, 0] = 0.0", "one of -1, 1"),
}


@pytest.mark.parametrize("case", NO_TARGETS)
def test_targets_that_a_loss_is_not_made_for_are_refused_in_words(case):
    loss, y, *said = NO_TARGETS[case]
    network = Network(3, [Dense(4, LOSSES[loss].partner)], loss)
    params, x, _ = a_point(network)
    with pytest.raises(InputError) as caught:
        derive(network).compile()(params, x, np.array(y))
    assert all(word in str(caught.value) for word in said), str(caught.value)


# At predictions of 0 and 1, where a logarithm that is multiplied by 0 is infinite: loss, predictions, targets, cost,
# gradient.
AT_THE_ENDS = {
    "categorical-cross-entropy": ([0, 0.5, 0.5], [0, 1, 0], np.log(2), [0, -2, 0]),
    "sparse-categorical-cross-entropy": ([0, 0.25, 0.75], [0, 0, 1], -np.log(0.75), [0, 0, -4 / 3]),
    "kl-divergence": ([0, 0.5, 0.5], [0, 0.25, 0.75], 0.25 * np.log(0.5) + 0.75 * np.log(1.5), [0, -0.5, -1.5]),
    "binary-cross-entropy": ([0, 1, 0.5], [0, 1, 1], np.log(2), [1, -1, -2]),
}


@pytest.mark.parametrize("stable", [True, False])
@pytest.mark.parametrize("name", AT_THE_ENDS)
def test_a_loss_of_given_probabilities_takes_0_log_0_as_0(name, stable):
    p, y, cost, gradient = AT_THE_ENDS[name]
    derivation = derive(program_of_loss(name))
    column = lambda values: np.array(values, dtype=float)[:, None]  # noqa: E731
    loss, grads = derivation.compile(["P"], stable=stable)({}, column(p), column(y))
    assert loss == pytest.approx(cost, rel=1e-15)
    assert grads["P"].ravel() == pytest.approx(gradient, rel=1e-15)
    system = ball(200)
    with running(system):
        exact = derivation.compile(["P"], stable=False)({}, array(column(p), system), array(column(y), system))
    assert midpoints(exact[0]) == pytest.approx(cost, rel=1e-15)
    assert midpoints(exact[1]["P"]).ravel() == pytest.approx(gradient, rel=1e-15)
    if name == "kl-divergence":
        values = derivation.evaluate({}, column(p), column(y))
        assert values["L"] == loss


FLAT = {
    "step": (Network(2, [Dense(2, "step")]), "Z1", "step: it is flat"),
    "hidden sign": (Network(2, [Dense(3, "sign"), Dense(1)]), "Z1", "sign: it is flat"),
    "number of mistakes": (Network(2, [Dense(2, "sign")], "zero-one"), "A1", "zero-one: it counts mistakes"),
}


@pytest.mark.parametrize("case", FLAT)
def test_asking_for_a_gradient_where_there_is_none_is_refused_and_the_loss_is_there(case):
    network, name, reason = FLAT[case]
    with pytest.raises(InputError) as caught:
        derive(network)
    said = f"no useful gradient with respect to {name}", reason, "forward_kernel"
    assert all(word in str(caught.value) for word in said)
    params, x, y = a_point(network)
    loss, grads = forward_kernel(network)(params, x, y)
    plain, _ = forward_kernel(network, stable=False)(params, x, y)
    assert grads == {}
    assert np.isfinite(loss)
    assert loss == plain


def test_a_step_by_hand_is_refused_too_and_a_mask_of_data_can_be_a_target():
    i = index("i", SAMPLES)
    w, X, A = tensor("w", 1), tensor("X", SAMPLES), tensor("A", SAMPLES)
    stepped = Equation(A[i], Piecewise((2, w[0] * X[i] > 1), (0, True)))
    lost = Equation(LOSS, Sum(A[i] ** 2, i))
    with pytest.raises(InputError, match=r"no useful gradient with respect to w(?s:.*)take another activation"):
        derive(Program((stepped, lost), (w,), (X,)))
    masked = Equation(LOSS, Sum(Piecewise((w[0], X[i] > 1), (0, True)), i))
    with pytest.raises(InputError, match=r"no useful gradient with respect to X(?s:.*)give X as a target"):
        derive(Program((masked,), (w,), (X,)))
    assert str(derive(Program((masked,), (w,), (), (X,))).gradient("w").result).startswith("dw[0]")


STEPS = {"step": [0, 0.5, 1], "sign": [-1, 0, 1], "piecewise-linear": [0, 0.5, 1]}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_has_its_declared_value_at_0(name):
    network = Network(1, [Dense(1, name, bias=False)], "absolute-error", "sum")
    values = evaluate(program_of(network), {}, {"W1": np.ones((1, 1))}, (np.array([[-2.0, 0, 2]]), np.zeros((1, 3))))
    assert values["A1"].tolist() == [STEPS[name]]


def test_single_precision_stays_single():
    kernel = derive(regression()).compile()
    params, *data = a_point(regression())
    single = {name: value.astype(np.float32) for name, value in params.items()}
    loss, grads = kernel(single, *(value.astype(np.float32) for value in data))
    assert loss.dtype == np.float32
    assert {grad.dtype for grad in grads.values()} == {np.dtype(np.float32)}


def changed(**arrays):
    params, x, y = a_point(regression())
    for name in list(arrays):
        if name in ("X", "Y"):
            x, y = (arrays.pop(name), y) if name == "X" else (x, arrays.pop(name))
    params = {**params, **arrays}
    return {name: value for name, value in params.items() if value is not None}, x, y


def with_entry(shape, place, value):
    filled = np.zeros(shape)
    filled[place] = value
    return filled


BAD_ARGUMENTS = {
    "missing parameter": (changed(b1=None), InputError, "missing b1", "expected  W1, b1, W2, b2"),
    "unknown parameter": (changed(W9=np.zeros(2)), InputError, "unknown W9", "yours"),
    "misspelt parameter": (changed(b1=None, B1=np.zeros((4, 1))), InputError, "missing b1", "unknown B1"),
    "transposed weights": (changed(W1=np.zeros((3, 4))), ShapeError, "W1", "(3, 4)", "(4, 3)"),
    "flat bias": (changed(b1=np.zeros(4)), ShapeError, "b1", "(4)", "(4, 1)"),
    "inputs as rows": (changed(X=np.zeros((5, 3))), ShapeError, "X", "(5, 3)", "(3, m)"),
    "other batch": (changed(Y=np.zeros((2, 6))), ShapeError, "Y", "(2, 6)", "(2, 5)"),
    "targets too wide": (changed(Y=np.zeros((4, 5))), ShapeError, "Y", "(4, 5)", "(2, 5)"),
    "a number for an array": (changed(W1=2.0), ShapeError, "W1", "yours", "(4, 3)"),
    "no targets": (changed()[:2], InputError, "takes 2 data arrays (X, Y)", "yours: 1"),
    "too many data": ((*changed(), np.zeros(1)), InputError, "takes 2 data arrays (X, Y)", "yours: 3"),
    "nan in the inputs": (changed(X=with_entry((3, 5), (1, 2), np.nan)), InputError, "X[1, 2] is nan", "finite"),
    "infinity in the inputs": (changed(X=with_entry((3, 5), (2, 0), np.inf)), InputError, "X[2, 0] is inf", "finite"),
    "infinity in a bias": (changed(b1=with_entry((4, 1), (3, 0), -np.inf)), InputError, "b1[3, 0] is -inf", "finite"),
    "nan in the targets": (changed(Y=with_entry((2, 5), (0, 4), np.nan)), InputError, "Y[0, 4] is nan", "finite"),
}


@pytest.mark.parametrize("stable", [True, False])
@pytest.mark.parametrize("case", BAD_ARGUMENTS)
def test_arguments_that_do_not_fit_are_refused_in_words(case, stable):
    arguments, error, *said = BAD_ARGUMENTS[case]
    with pytest.raises(error) as caught:
        derive(regression()).compile(stable=stable)(*arguments)
    assert all(word in str(caught.value) for word in said), str(caught.value)


@pytest.mark.parametrize("name", EVERY)
def test_an_infinity_that_an_activation_would_flatten_is_refused(name):
    network = Network(3, [Dense(2, name), Dense(2)])
    params, x, y = a_point(network)
    x[0, 0] = np.inf
    for stable in (True, False):
        with pytest.raises(InputError, match=r"X\[0, 0\] is inf"):
            derive(network).compile(stable=stable)(params, x, y)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_targets_that_do_not_add_up_to_one_are_refused(layout):
    network = Network(3, [Dense(2, "softmax")], "categorical-cross-entropy", layout=layout)
    kernel = derive(network).compile()
    params, x, y = a_point(network)
    sample = (slice(None), 3) if layout == "features-first" else 3
    y[sample] = [0.5, 0.75]
    with pytest.raises(InputError, match=r"targets Y must add up to one(?s:.*)sample 3 adds up to 1\.25"):
        kernel(params, x, y)
    y[sample] = [0.3, 0.7]
    kernel(params, x, y)


def test_targets_may_add_up_to_one_within_the_radius_of_a_ball():
    network = Network(1, [Dense(3, "softmax")], "categorical-cross-entropy", layout="samples-first")
    kernel = derive(network).compile(stable=False)
    system = ball(200)
    with running(system):
        params = {name: array(np.ones(shape), system) for name, shape in network.shapes.items()}
        x, thirds = array([[1]], system), array([["1/3", "1/3", "1/3"]], system)
        assert midpoints(kernel(params, x, thirds)[0]) == pytest.approx(np.log(3))
        with pytest.raises(InputError, match="add up to one"):
            kernel(params, x, array([["1/3", "1/3", "1/4"]], system))


def test_values_can_be_followed_and_replaced_equation_by_equation():
    network = Network(1, [Dense(1)], "squared-error", "sum", "samples-first")
    derivation = derive(network)
    params, x, y = {"W1": np.array([[2.0]]), "b1": np.array([0.26])}, np.array([[3.0]]), np.array([[1.0]])
    seen = []

    def rounded(name, value):
        seen.append(name)
        return np.round(value, 1)

    values = derivation.evaluate(params, x, y, after=rounded)
    assert seen == [equation.name for equation in (*derivation.program.equations, *derivation.equations)]
    assert values["Z1"].tolist() == [[6.3]]
    assert values["dZ1"].tolist() == [[10.6]]
    assert values["dW1"].tolist() == [[31.8]]
    exact = evaluate(derivation.program, derivation.sizes, params, (x, y))
    assert exact["L"] == pytest.approx(5.26**2)
    assert "dW1" not in exact


def test_equations_nobody_needs_are_left_out():
    derivation = derive(regression())
    kept = needed([*derivation.program.equations, *derivation.equations], ["L", "db2"])
    assert [equation.name for equation in kept] == ["Z1", "A1", "Z2", "L", "dZ2", "db2"]


def test_the_source_runs_alone():
    derivation = derive(Network(3, [Dense(2, "softmax")], "categorical-cross-entropy"))
    source = kernel_source(derivation.program, derivation.equations, ["W1"], stable=True, title="Alone.")
    scope = {}
    exec(source, scope)
    params, x, y = a_point(Network(3, [Dense(2, "softmax")], "categorical-cross-entropy"))
    loss, grads = scope["kernel"](params, x, y)
    assert loss == derivation.compile()(params, x, y)[0]
    assert list(grads) == ["W1"]


HOSTILE_TITLES = (
    'x"""; raise SystemExit; """',
    "back\\slash \\u12",
    "line\nbreak",
    'ends with a "quote"',
    "nul \0 here",
    *(" ".join(["word"] * words + ['"""', "\\", 'end"']) for words in range(8, 20)),
    "w" * 200,
    "-".join(["hyphen"] * 30),
)


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_title_is_text_in_the_kernel_and_never_code(title):
    program = program_of(Network(1, [Dense(1)]))
    kernel = derive(program, title=title).compile()
    assert [type(node).__name__ for node in ast.parse(kernel.source).body] == ["Import", "FunctionDef"]
    one = np.ones((1, 1))
    assert kernel({"W1": one, "b1": one}, one, one)[0] == 1


LONG_TITLES = {
    "words": " ".join(["word"] * 60),
    "hyphens": " ".join(["softmax-cross-entropy"] * 12),
    "escapes": " ".join(['"quoted" \\slash'] * 12),
}


@pytest.mark.parametrize("what", LONG_TITLES)
def test_a_long_title_is_wrapped_and_nothing_of_it_is_lost(what):
    source = derive(program_of(Network(1, [Dense(1)])), title=LONG_TITLES[what]).compile().source
    assert max(map(len, source.splitlines())) <= 88
    text = ast.get_docstring(next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)))
    assert " ".join(text.split()) == f"Loss and exact gradients of {' '.join(LONG_TITLES[what].split())}."


def test_a_title_that_reads_like_a_product_is_not_taken_for_one():
    source = '    """' + "word " * 16 + '\n    Z = W @ X\n    """\n    Z = A @ B\n'
    text, seen = with_watch(source, {"W", "X", "A", "B"})
    assert text == f"{source.rstrip()}\n    _watch(Z)\n"
    assert seen == {"A", "B"}


@pytest.mark.parametrize("name", ["W 1", "x; import os", "for", "1W", ""])
def test_what_is_no_name_names_no_tensor(name):
    for make in (tensor, size, scalar):
        with pytest.raises(InputError, match="cannot name a size, an index or a tensor"):
            make(name)
