"""Evidence of the level *identical* is the same through the sandbox, and forged residues are no evidence."""

from __future__ import annotations

import json

import numpy as np
import pytest
from flint import arb, fmpz

from symnn.errors import UndecidedError
from symnn.library import import_file
from symnn.sandbox import Limits, StoppedError, child_of, opened, process, residues
from symnn.sandbox.codec import Reader, Writer
from symnn.sandbox.messages import packed
from symnn.sandbox.towers import Towers
from symnn.scalars import Signature, Tower, array, moving, running, signature, signatures
from symnn.verify.directional import Pair
from symnn.verify.identical import identical
from symnn.verify.structure import parameters
from tests.cli.test_cli import here
from tests.sandbox.test_proxies import FORGE

FILE = """
import numpy as np

def loss(w, x): return {loss}
def grad(w, x): return {grad}
def example(): return np.array([0.5, -1.5, 2.25]), np.array([2.5, 1.0, 0.75])
"""
NESTED = "np.sum(np.exp(np.tanh(np.exp(np.tanh(w * x)))))"
SLOPE_OF_NESTED = (
    "np.exp(np.tanh(np.exp(np.tanh(w * x)))) * (1 - np.tanh(np.exp(np.tanh(w * x)))**2)"
    " * np.exp(np.tanh(w * x)) * (1 - np.tanh(w * x)**2) * x"
)
# A loss, its gradient, the verdict, and a part of what is said.
PAIRS = {
    "a right one": ("np.sum(np.tanh(w * x)) / 3", "(1 - np.tanh(w * x)**2) * x / 3", "equal", "parameters and data"),
    "a wrong factor": ("np.sum(np.tanh(w * x))", "2 * (1 - np.tanh(w * x)**2) * x", "different", "certainly another"),
    "its own argument": ("np.sum(w * x)", "x", "equal", "for all parameters and data"),
    "logarithms": ("np.sum(np.log(1 + np.exp(w * x)))", "x / (1 + np.exp(-w * x))", "equal", ""),
    "the power of a logarithm": ("np.sum(np.exp(3 * np.log(w * w + x * x)))", "6 * w * (w*w + x*x)**2", "equal", ""),
    "an opaque logarithm": ("np.sum(np.log(1 + w * w) ** 2)", "np.log(1 + w * w) * w", "undecided", "not all laws"),
    "a root of a square": ("np.sum(np.sqrt((w * x) ** 2))", "np.sign(w) * x", "equal", ""),
    "a norm": ("np.sqrt(np.sum(w * w))", "w / np.sqrt(np.sum(w * w))", "equal", "the signs of square roots aside"),
    "a wrong norm": ("np.sqrt(np.sum(w * w))", "2 * w / np.sqrt(np.sum(w * w))", "undecided", "not all laws"),
    "two norms": (
        "np.sqrt(np.sum(w * w)) + np.sqrt(np.sum((w + x)**2))",
        "w / np.sqrt(np.sum(w * w)) + (w + x) / np.sqrt(np.sum((w + x)**2))",
        "equal",
        "the signs of square roots aside",
    ),
    "conditions": ("np.sum(np.maximum(w * x, 0) ** 2)", "2 * np.maximum(w * x, 0) * x", "equal", ""),
    "nested exponentials": (NESTED, SLOPE_OF_NESTED, "equal", ""),
    "a rounded constant": ("0.7310585786300049 * np.sum(w)", "0.7310585786300048 * x / x", "undecided", "rounded"),
    "a root for a constant": ("np.sum(w * w) * np.sqrt(2 / np.pi)", "2 * w * 0.7978845608028654", "equal", ""),
    "zero throughout": ("np.sum(w * 0)", "np.zeros_like(w)", "undecided", "nothing to compare"),
    "another shape": ("np.sum(w * x)", "np.ones((2, 2))", "different", "has shape (2, 2)"),
    "raising": ("np.sum(w * x)", "x[7]", "undecided", "grad raised IndexError"),
    "on a kink": ("np.sum(np.maximum(0 * w, 0 * x + w - w))", "x * 0", "undecided", ""),
}


def evidence(loss, grad, params, *data):
    read = parameters(params)
    return identical(Pair(loss, grad, read, data), read.arrays, 0)


def written(tmp_path, loss, grad, further=""):
    path = tmp_path / "mine.py"
    path.write_text(FILE.format(loss=loss, grad=grad) + further, encoding="utf-8")
    return path


def sandboxed(path):
    return opened(child_of(path, Limits(seconds=60)))


@pytest.mark.parametrize("name", PAIRS)
def test_evidence_in_the_sandbox_is_that_of_the_functions_themselves(tmp_path, name):
    loss, grad, verdict, said = PAIRS[name]
    path = written(tmp_path, loss, grad)
    module = import_file(path, "mine_itself")
    expected = evidence(module.loss, module.grad, *module.example())
    assert expected.verdict == verdict
    assert said in expected.said
    with sandboxed(path) as found:
        assert evidence(found.loss, found.grad, *found.arguments) == expected


def test_what_comes_of_a_tower_in_the_child_is_said_of_the_tower_here(tmp_path):
    path = written(tmp_path, "np.sum(np.sqrt(w))", "np.exp(np.exp(np.exp(w)))")
    tower = Tower(2, seed=1)
    with sandboxed(path) as found, running(signature(tower), functions=(found.loss, found.grad)):
        w = signatures("w", [2.0, 3.0], tower)
        found.loss(w, None)
        assert tower.rooted == {x.residues[0] for x in w}
        assert not tower.exceeded
        with pytest.raises(UndecidedError, match="nested deeper than the 2 levels"):
            found.grad(w, None)
        assert tower.exceeded


def test_logarithms_taken_by_the_loss_are_remembered_by_the_gradient_and_not_over_another_tower(tmp_path):
    text = "\nimport numpy as np\nkept = []\ndef loss(w, x): kept.append(np.log(w)); return w\n"
    path = written(tmp_path, "w", "np.exp(kept[-1] - kept[0])", text)
    with sandboxed(path) as found:
        for seed in (1, 2):
            tower = Tower(2, seed)
            with running(signature(tower), functions=(found.loss, found.grad)):
                found.loss(signatures("w", [2.0], tower), None)
                if seed == 1:
                    assert found.grad(None, None)[0] == 1
                else:
                    with pytest.raises(UndecidedError, match="kept from an earlier run"):
                        found.grad(None, None)


class Both:
    """A parent and a child that talk in this process."""

    def __init__(self):
        self.towers, there = Towers(), Towers(of_child=True)
        self.to, self.at = Writer(remembers=True, towers=self.towers), Reader(towers=there)
        self.back, self.here = Writer(towers=there), Reader(towers=self.towers)

    def there(self, tower, x):
        self.sent = json.dumps(self.to.message(tower=tower, x=x))
        return self.at.message(json.loads(self.sent))["x"]

    def returned(self, x):
        self.sent = json.dumps(self.back.message(x=x))
        return self.here.message(json.loads(self.sent))["x"]


def state(x):
    return x.residues, x.degree, x.opaque, x.rational, x.slope, str(x.value)


def test_signatures_come_through_with_all_that_is_known_of_them():
    tower, both = Tower(2, seed=0), Both()
    w = signatures("w", [[0.5, 2], [-3, 1]], tower)
    moved = moving(w, "w")
    numbers = array([0.1, 3], signature(tower))
    with running(signature(tower)):
        some = [w, moved, np.exp(moved), moved @ w / 3, w[0, 1], numbers, np.sqrt(moved * moved + 1), moved.T]
        for x in some:
            copy = both.there(tower, x)
            assert np.shape(copy) == np.shape(x)
            for a, b, c in zip(*(np.ravel(y).tolist() for y in (x, copy, both.returned(copy))), strict=True):
                assert b.tower is not tower
                assert c.tower is tower
                assert state(a) == state(b) == state(c)


def test_what_each_side_can_draw_is_not_sent():
    tower, both = Tower(4, seed=0), Both()
    w = signatures("w", np.arange(100), tower)
    for x in (w, moving(w, "w"), array(np.arange(100.0), signature(tower))):
        both.there(tower, x)
        assert len(both.sent) < 100 * 20
        both.there(tower, x.copy())
        assert len(both.sent) < 200


def test_of_a_large_result_the_first_level_comes_back(monkeypatch):
    tower, both = Tower(2, seed=0), Both()
    A = both.there(tower, signatures("w", np.arange(9.0), tower))
    A = A * A
    assert [len(x.residues) for x in both.returned(A)] == [3] * 9
    monkeypatch.setattr(residues, "MOST_IN_FULL", 1000)
    returned = both.returned(A)
    assert [x.residues for x in returned] == [x.residues[:1] for x in A]
    assert [x.degree for x in returned] == [(2, 0)] * 9


def test_a_number_that_holds_a_logarithm_comes_back_opaque():
    tower, both = Tower(2, seed=0), Both()
    y = np.log(both.there(tower, signatures("w", [2.0], tower)))
    assert not y[0].opaque
    assert both.returned(y)[0].opaque


def test_arguments_too_large_for_the_sandbox_are_undecided_and_the_next_call_goes_through(tmp_path, monkeypatch):
    path = written(tmp_path, "np.sum(w)", "w")
    tower = Tower(2, seed=0)
    with sandboxed(path) as found, running(signature(tower), functions=(found.loss, found.grad)):
        w = signatures("w", np.arange(50.0), tower)
        found.loss(w[:1], None)
        with monkeypatch.context() as patch:
            patch.setattr(process, "MOST_ANSWERED", 1000)
            with pytest.raises(
                UndecidedError, match=r"the arguments of loss are 0 MB long, and 0 MB go to the sandbox"
            ):
                found.loss(w * w, None)
        assert found.loss(w * w, None).residues == np.sum(w * w).residues


P = Tower(2, "0.0").primes
ABOUT = {"shape": [3], "class": "scalars", "kind": "signature", "tower": 1}
GOOD = "1:0;;1,2,3;1:0;0;"
ENTRIES = {
    "a residue beyond the prime": f"1:0;;{int(P[0]):x};1:0;0;",
    "a negative residue": "1:0;;-1;1:0;0;",
    "more levels than the tower": "1:0;;1,1,1,1;1:0;0;",
    "no residues": "1:0;;;1:0;0;",
    "no hexadecimal": "1:0;;x;1:0;0;",
    "too few parts": "1:0;;1;1:0",
    "a negative degree": "1:0;;1;-1:0;0;",
    "half a degree": "1:0;;1;1;0;",
    "a flag of another kind": "1:0;;1;1:0;2;",
    "a slope beyond the prime": f"1:0;;1;1:0;0;{int(P[0]):x}:1:0:0",
    "half a slope": "1:0;;1;1:0;0;5:1",
    "a rational without a residue": f"1:0;1/{int(P[2]):x};;;;",
    "a rational of nothing": "1:0;1/0;;;;",
    "a shadow that is none": "here;;1;1:0;0;",
}
NUMBERS = {
    **{name: {**ABOUT, "text": f"{GOOD} {entry} {GOOD}"} for name, entry in ENTRIES.items()},
    "another tower": {**ABOUT, "tower": 2, "text": f"{GOOD} {GOOD} {GOOD}"},
    "a tower that is no number": {**ABOUT, "tower": [1], "text": f"{GOOD} {GOOD} {GOOD}"},
    "no tower": {"shape": [3], "class": "scalars", "kind": "signature", "text": GOOD},
    "what was never drawn": {**ABOUT, "drawn": "all", "direction": None, "text": "1:0 1:0 1:0"},
    "more than was drawn": {**ABOUT, "drawn": "parameters ", "direction": None, "text": "1:0 1:0 1:0 1:0"},
    "a direction that is none": {**ABOUT, "drawn": "parameters ", "direction": "parameters ", "text": "1:0 1:0 1:0"},
    "another shape": {**ABOUT, "shape": [4], "text": f"{GOOD} {GOOD} {GOOD}"},
}
NONE = {"dict": [["exceeded", False], ["strayed", False], ["rooted", {"list": []}]]}
RECORDS = {
    "no records": None,
    "a flag that is none": {"dict": [["exceeded", 1], ["strayed", False], ["rooted", {"list": []}]]},
    "a root that is no residue": {"dict": [["exceeded", False], ["strayed", False], ["rooted", {"list": ["-1"]}]]},
    "a root that is no text": {"dict": [["exceeded", False], ["strayed", False], ["rooted", {"list": [1]}]]},
}


def answered(numbers, tower=NONE, problem=None):
    """What a child says as the result of a call, packed."""
    rest = {"problem": problem, "recorded": {"dict": []}, "tower": tower, "changed": None, "drew": False}
    return packed({"value": {"forget": False, "result": {"numbers": numbers}, **rest}})


def evidence_on(tmp_path, answer):
    """The evidence on a file whose gradient answers for the child."""
    path = written(tmp_path, "np.sum(w * x)", f"forge({answer!r})", FORGE)
    with sandboxed(path) as target:
        return evidence(target.loss, target.grad, *target.arguments)


FORGED = {
    "residues": answered({**ABOUT, "text": f"{GOOD} {ENTRIES['a residue beyond the prime']} {GOOD}"}),
    "what was never drawn": answered(NUMBERS["what was never drawn"]),
    "records": answered({**ABOUT, "text": f"{GOOD} {GOOD} {GOOD}"}, RECORDS["no records"]),
    "a problem of no kind": answered({**ABOUT, "text": GOOD}, problem={"list": ["equal", ""]}),
}


@pytest.mark.parametrize("answer", FORGED.values(), ids=FORGED)
def test_a_forged_answer_is_no_evidence(tmp_path, answer):
    found = evidence_on(tmp_path, answer)
    assert (found.verdict, found.said) == ("undecided", "undecided: grad answered with something else than a result")


@pytest.fixture
def reader():
    """What reads the answers of a child that was told of a tower, in which three numbers were drawn."""
    towers, tower = Towers(), Tower(2, "0.0")
    towers.written(tower)
    signatures("parameters ", [1.0, 2.0, 3.0], tower)
    return Reader(towers=towers)


@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS)
def test_forged_residues_are_no_numbers(reader, numbers):
    with pytest.raises((ValueError, TypeError, KeyError)):
        reader.read({"numbers": numbers})


def test_residues_that_are_well_formed_are_numbers(reader):
    about = {**ABOUT, "text": f"{GOOD} 1:0;2/3;;;; 1:0;;1;1:0;1;5:1:0:0"}
    drawn = {**ABOUT, "drawn": "parameters ", "direction": None, "text": "1:0 1:0 1:0"}
    assert [len(x.residues) for x in reader.read({"numbers": about})] == [3, 3, 1]
    assert [x.degree for x in reader.read({"numbers": drawn})] == [(1, 0)] * 3


@pytest.mark.parametrize("records", RECORDS.values(), ids=RECORDS)
def test_forged_records_are_none_of_a_tower(reader, records):
    towers, tower = Towers(), Tower(0, "0.0")
    towers.written(tower)
    with pytest.raises((ValueError, TypeError, KeyError)):
        towers.take_in(reader.read(records))
    assert not tower.exceeded
    assert not tower.strayed
    assert not tower.rooted


def test_numbers_over_two_towers_are_undecided():
    both, towers = Both(), [Tower(0, seed) for seed in (1, 2)]
    with pytest.raises(UndecidedError, match="kept from an earlier run"):
        both.there(towers[0], [Signature(tower, arb(1), (fmpz(1),)) for tower in towers])
    mixed = np.array([Signature(tower, arb(1), (fmpz(1),)) for tower in towers])
    with pytest.raises(UndecidedError, match="kept from an earlier run"):
        both.there(towers[0], mixed)


def test_a_child_that_was_ended_gives_no_evidence(tmp_path):
    path = written(tmp_path, "np.sum(w * x)", "__import__('os')._exit(3)")
    with sandboxed(path) as found:
        assert (
            evidence(found.loss, found.grad, *found.arguments).said == "undecided: grad ended the process with status 3"
        )
        with pytest.raises(StoppedError):
            found.loss(*found.arguments)


@pytest.mark.parametrize(("factor", "status", "said"), [("2", 0, "identical with error below"), ("3", 1, "identical")])
def test_the_command_line_goes_through_the_sandbox(tmp_path, monkeypatch, factor, status, said):
    path = written(tmp_path, "np.sum(np.exp(w * w) * x)", f"{factor} * w * np.exp(w * w) * x")
    done = here(monkeypatch, "verify", "--level", "all", path)
    assert done.returncode == status
    assert said in done.stdout
