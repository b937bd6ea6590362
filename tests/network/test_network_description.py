"""A network is checked when it is said, in Python and in TOML, and both say the same."""

from __future__ import annotations

import dataclasses
import itertools
import json
from fractions import Fraction

import pytest
from sympy import S

from symnn.errors import InputError
from symnn.network import (
    LAYOUTS,
    REDUCTIONS,
    Dense,
    Network,
    network_from_table,
    program_of,
    read_network,
    to_table,
)
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS, activation, recognise_activation, recognise_loss

REFUSED = {
    "unknown activation": (lambda: Dense(2, "sigmod"), "activation 'sigmod'", "did you mean 'sigmoid'"),
    "activation of no name": (lambda: Dense(2, None), "unknown activation None", "allowed"),
    "no units": (lambda: Dense(0), "units must be a positive integer", "given    0"),
    "fewer than no units": (lambda: Dense(-3), "units must be a positive integer", "-3"),
    "units as text": (lambda: Dense("3"), "units must be a positive integer", "'3'"),
    "units as a truth value": (lambda: Dense(True), "units must be a positive integer", "True"),
    "units as a float": (lambda: Dense(3.0), "units must be a positive integer", "3.0"),
    "bias as a number": (lambda: Dense(3, bias=1), "bias must be true or false", "given    1"),
    "bias as text": (lambda: Dense(3, bias="no"), "bias must be true or false", "'no'"),
    "no inputs": (lambda: Network(0, [Dense(1)]), "inputs must be a positive integer", "0"),
    "no layers": (lambda: Network(2, []), "at least one Dense layer", "()"),
    "layers that are widths": (lambda: Network(2, [3, 1]), "at least one Dense layer", "(3, 1)"),
    "unknown loss": (lambda: Network(2, [Dense(1)], "mse"), "unknown loss 'mse'", "'squared-error'"),
    "unknown layout": (lambda: Network(2, [Dense(1)], layout="rows"), "unknown layout 'rows'", "samples-first"),
    "unknown reduction": (
        lambda: Network(2, [Dense(1)], reduction="meen"),
        "unknown reduction 'meen'",
        "did you mean 'mean'",
    ),
    "logarithm of any number": (
        lambda: Network(2, [Dense(1)], "binary-cross-entropy"),
        "'binary-cross-entropy' is not defined on every output of 'linear'",
        "choose another activation",
    ),
    "logarithm of a negative number": (
        lambda: Network(2, [Dense(2, "tanh")], "categorical-cross-entropy"),
        "not defined on every output of 'tanh'",
        "its outputs",
    ),
    "logarithm of zero": (
        lambda: Network(2, [Dense(2, "relu")], "categorical-cross-entropy"),
        "not defined on every output of 'relu'",
        "the loss needs",
    ),
    "classes of one": (
        lambda: Network(2, [Dense(1, "sigmoid")], "categorical-cross-entropy"),
        "at least 2 outputs",
        "binary-cross-entropy",
    ),
    "constant as a float": (lambda: Dense(2, "elu", constants={"alpha": 0.5}), "is a float", 'alpha = "0.5"'),
    "constant of another row": (lambda: Dense(2, "elu", constants={"delta": 1}), "'delta'", "allowed  'alpha'"),
    "constant of a row without": (lambda: Dense(2, "relu", constants={"alpha": 1}), "constant of 'relu'", "(none)"),
    "constant of softmax": (lambda: Dense(2, "softmax", constants={"alpha": 1}), "constant of 'softmax'", "(none)"),
    "constant of nothing": (lambda: Dense(2, "elu", constants={"alpha": 0}), "positive exact number", "given    0"),
    "constant that is no number": (lambda: Dense(2, "elu", constants={"alpha": "x"}), "positive exact number", "'x'"),
    "constant as a truth value": (lambda: Dense(2, "elu", constants={"alpha": True}), "positive exact number", "True"),
    "constants without names": (lambda: Dense(2, "elu", constants=[1]), "must be named", "[1]"),
    "constant of the loss": (
        lambda: Network(2, [Dense(1)], "huber", loss_constants={"delta": -1}),
        "constant 'delta' of 'huber'",
        "-1",
    ),
    "logits that are none": (
        lambda: Network(2, [Dense(1, "sigmoid")], "binary-cross-entropy-from-logits"),
        "takes logits, which 'sigmoid' has confined",
        "use linear",
    ),
    **{
        f"{name} over one unit": (lambda name=name: Dense(1, name), f"{name} over 1 unit", "at least 2 units")
        for name in NORMALISERS
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_words(case):
    make, *said = REFUSED[case]
    with pytest.raises(InputError) as caught:
        make()
    assert all(word in str(caught.value) for word in said), str(caught.value)


@pytest.mark.parametrize(("name", "loss"), [*itertools.product([*ACTIVATIONS, *NORMALISERS], LOSSES)])
def test_a_pairing_is_allowed_exactly_when_the_loss_is_defined_on_all_outputs(name, loss):
    row = activation(name)
    if LOSSES[loss].logits and row.range.is_subset(LOSSES[loss].predictions) and row.range != S.Reals:
        with pytest.raises(InputError, match=f"takes logits, which '{name}' has confined"):
            Network(1, [Dense(2, name)], loss)
    elif (name, loss) == ("softmax", "binary-cross-entropy"):
        # log(1 - a) of one class asks for an output that stands alone; those of softmax share out one.
        with pytest.raises(InputError, match=r"stand alone.*share out one"):
            Network(1, [Dense(2, name)], loss)
    elif row.range.is_subset(LOSSES[loss].predictions):
        assert Network(1, [Dense(2, name)], loss).loss == loss
    else:
        with pytest.raises(InputError, match="is not defined on every output"):
            Network(1, [Dense(2, name)], loss)


COUNTS = {
    "4-3-2-1": (Network(4, [Dense(3, "relu"), Dense(2, "relu"), Dense(1)]), 26),
    "784-128-10": (Network(784, [Dense(128, "relu"), Dense(10, "softmax")], "categorical-cross-entropy"), 101770),
    "2-3-2": (Network(2, [Dense(3, bias=False), Dense(2)]), 6 + 8),
    "1-1": (Network(1, [Dense(1, bias=False)]), 1),
}


@pytest.mark.parametrize("text", COUNTS)
def test_parameters_are_counted(text):
    network, count = COUNTS[text]
    assert str(network) == text
    assert network.parameter_count == count


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shapes_add_up_to_the_count(layout):
    network = Network(4, [Dense(3), Dense(2, bias=False), Dense(1)], layout=layout)
    sizes = [shape[0] * (shape[1] if len(shape) > 1 else 1) for shape in network.shapes.values()]
    assert sum(sizes) == network.parameter_count
    assert list(network.shapes) == ["W1", "b1", "W2", "W3", "b3"]


SHAPES = {
    "features-first": {"W1": (3, 2), "b1": (3, 1), "W2": (1, 3), "b2": (1, 1)},
    "samples-first": {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shapes_follow_the_layout(layout):
    assert Network(2, [Dense(3), Dense(1)], layout=layout).shapes == SHAPES[layout]


def test_a_network_is_frozen_and_takes_any_sequence_of_layers():
    network = Network(2, (Dense(3), Dense(1)))
    assert network == Network(2, [Dense(3), Dense(1)])
    assert hash(network) == hash(Network(2, [Dense(3), Dense(1)]))
    assert network.widths == (2, 3, 1)
    assert {str(symbol): number for symbol, number in network.sizes.items()} == {"n0": 2, "n1": 3, "n2": 1}
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.inputs = 3


def toml(network):
    """The description of a network as a person would type it."""
    lines = [f"inputs = {network.inputs}"]
    lines += [f'loss_constants.{name} = "{value}"' for name, value in network.loss_constants.items()]
    lines += [f'{key} = "{getattr(network, key)}"' for key in ("loss", "reduction", "layout")]
    for layer in network.layers:
        lines += ["", "[[layers]]", f"units = {layer.units}", f'activation = "{layer.activation}"']
        lines += [f"bias = {str(layer.bias).lower()}"]
        lines += [f'constants.{name} = "{value}"' for name, value in layer.constants.items()]
    return "\n".join(lines) + "\n"


NETWORKS = [
    Network(2, [Dense(3, hidden, bias), Dense(2, "softmax")], "categorical-cross-entropy", reduction, layout)
    for hidden, bias, reduction, layout in itertools.product(
        [*ACTIVATIONS, *NORMALISERS], (True, False), REDUCTIONS, LAYOUTS
    )
]


NETWORKS += [
    Network(
        2, [Dense(3, "leaky-relu", constants={"alpha": "1/5"}), Dense(2)], "huber", loss_constants={"delta": "0.5"}
    ),
    Network(2, [Dense(3, "elu", constants={"alpha": 2}), Dense(2)]),
]


def test_a_constant_is_one_number_however_it_is_written():
    written = [Dense(3, "elu", constants={"alpha": value}) for value in ("0.5", "1/2", Fraction(1, 2))]
    assert len({hash(layer) for layer in written}) == 1
    assert written[0] == written[1] == written[2]
    assert written[0] != Dense(3, "elu")
    assert repr(written[0]) == "Dense(units=3, activation='elu', bias=True, constants={'alpha': '1/2'})"


def test_constants_reach_the_equations():
    network = Network(1, [Dense(1, "leaky-relu", constants={"alpha": "1/5"})], "huber", loss_constants={"delta": "1/2"})
    activated, lost = program_of(network).equations[1:]
    assert recognise_activation(activated).row.forward == ACTIVATIONS["leaky-relu"].bound({"alpha": "1/5"}).forward
    assert recognise_loss(program_of(network), lost).row.summand == LOSSES["huber"].bound({"delta": "1/2"}).summand


def test_toml_says_the_same_as_python(tmp_path):
    for network in NETWORKS:
        (tmp_path / "net.toml").write_text(toml(network), encoding="utf-8")
        assert read_network(tmp_path / "net.toml") == network


def test_keys_left_out_have_the_defaults_of_python():
    assert network_from_table({"inputs": 2, "layers": [{"units": 3}]}, "net.toml") == Network(2, [Dense(3)])


GOOD = 'inputs = 2\n[[layers]]\nunits = 3\nactivation = "relu"\n'
BAD_FILES = {
    "misspelt key": (GOOD.replace("inputs", "input"), "unknown key 'input'", "did you mean 'inputs'"),
    "misspelt key of a layer": (GOOD.replace("activation", "activaton"), "layer 1", "did you mean 'activation'"),
    "key of a layer at the top": ('activation = "relu"\n' + GOOD, "unknown key 'activation'", "'inputs'"),
    "missing inputs": (GOOD.replace("inputs = 2", ""), "key 'inputs' is missing", ""),
    "missing layers": ("inputs = 2\n", "key 'layers' is missing", ""),
    "missing units": (GOOD.replace("units = 3", ""), "layer 1", "key 'units' is missing"),
    "units of 0": (GOOD.replace("units = 3", "units = 0"), "layer 1: units must be a positive integer", "0"),
    "units as text": (GOOD.replace("units = 3", 'units = "3"'), "layer 1", "'3'"),
    "units as a float": (GOOD.replace("units = 3", "units = 3.0"), "layer 1", "3.0"),
    "units as a truth value": (GOOD.replace("units = 3", "units = true"), "layer 1", "True"),
    "inputs as a list": (GOOD.replace("inputs = 2", "inputs = [2]"), "inputs must be a positive integer", "[2]"),
    "bias as a number": (GOOD + "bias = 0\n", "bias must be true or false", "0"),
    "activation as a number": (GOOD.replace('"relu"', "1"), "activation must be a text", "in quotes"),
    "loss as a list": ('loss = ["squared-error"]\n' + GOOD, "loss must be a text", "in quotes"),
    "unknown activation": (GOOD.replace("relu", "rellu"), "layer 1: unknown activation 'rellu'", "'relu'"),
    "unknown reduction": ('reduction = "average"\n' + GOOD, "unknown reduction 'average'", "mean"),
    "layers that are widths": ("inputs = 2\nlayers = [3, 1]\n", "layers must be tables", "[[layers]]"),
    "one table of layers": ("inputs = 2\n[layers]\nunits = 3\n", "layers must be tables", "[[layers]]"),
    "no layers": ("inputs = 2\nlayers = []\n", "at least one Dense layer", ""),
    "no TOML": ("inputs = \n", "is not TOML", "line 1"),
    "key twice": ("inputs = 2\n" + GOOD, "is not TOML", ""),
    "constant as a number with a point": (
        GOOD + "constants = {alpha = 0.2}\n",
        "layer 1",
        "unknown constant of 'relu'",
    ),
    "constants as a text": (GOOD + 'constants = "0.2"\n', "layer 1", "must be named"),
    "second layer": (GOOD + "[[layers]]\nunits = -1\n", "layer 2", "-1"),
    "loss that is undefined": ('loss = "binary-cross-entropy"\n' + GOOD, "not defined on every output", "'relu'"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_names_itself_and_the_key(case, tmp_path):
    text, *said = BAD_FILES[case]
    path = tmp_path / "net.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_network(path)
    assert str(caught.value).startswith(("cannot read", str(path)))
    assert all(word in str(caught.value) for word in said), str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*none\.toml: No such file"):
        read_network(tmp_path / "none.toml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_network(tmp_path)


def test_a_file_that_is_not_utf8_is_named_with_the_byte(tmp_path):
    path = tmp_path / "net.toml"
    path.write_bytes(b"# na\xefve\n")
    with pytest.raises(InputError, match=r"net\.toml is not UTF-8 text: byte 4"):
        read_network(str(path))


def test_a_mark_before_the_text_is_passed_over(tmp_path):
    path = tmp_path / "net.toml"
    text = "inputs = 2\nlayers = [{ units = 1 }]\n"
    path.write_text(text, encoding="utf-8")
    plain = read_network(path)
    path.write_text(text, encoding="utf-8-sig")
    assert read_network(path) == plain


TABLED = {
    "plain": Network(2, [Dense(3, "relu"), Dense(1, bias=False)], layout="samples-first"),
    "constants": Network(
        2, [Dense(3, "elu", constants={"alpha": "1/3"}), Dense(1)], "huber", loss_constants={"delta": 2}
    ),
}


@pytest.mark.parametrize("network", TABLED.values(), ids=TABLED)
def test_a_table_builds_the_network_it_was_made_of(network):
    table = json.loads(json.dumps(to_table(network)))
    again = network_from_table(table, "table")
    assert again == network
    assert program_of(again) == program_of(network)


def test_a_table_leaves_out_constants_that_have_their_defaults():
    table = to_table(TABLED["plain"])
    assert "loss_constants" not in table
    assert all("constants" not in layer for layer in table["layers"])
    assert to_table(TABLED["constants"])["layers"][0]["constants"] == {"alpha": "1/3"}


def test_a_decimal_in_toml_is_exactly_what_is_written(tmp_path):
    path = tmp_path / "net.toml"
    path.write_text(
        'inputs = 2\n[[layers]]\nunits = 1\nactivation = "elu"\nconstants = { alpha = 0.2 }\n', encoding="utf-8"
    )
    assert read_network(path) == Network(2, [Dense(1, "elu", constants={"alpha": "1/5"})])


@pytest.mark.parametrize("written", ["nan", "-inf", "1e999999999"])
def test_a_float_that_is_no_number_is_refused_as_it_is_written(tmp_path, written):
    path = tmp_path / "net.toml"
    path.write_text(f"inputs = {written}\n[[layers]]\nunits = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"inputs must be a positive integer\n  given +{written}\n"):
        read_network(path)


def test_what_a_worked_solution_takes_is_passed_over(tmp_path):
    path = tmp_path / "net.toml"
    path.write_text('title = "One neuron"\ninputs = 2\n[[layers]]\nunits = 1\n[point]\nseed = 7\n', encoding="utf-8")
    assert read_network(path) == Network(2, [Dense(1)])
