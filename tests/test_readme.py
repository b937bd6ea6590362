"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import numpy as np

import symnn
from symnn import byhand
from symnn.network import network_from_table

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def python(containing: str) -> str:
    (found,) = [block for block in blocks("python") if containing in block]
    return found


def printed(source: str, scope: dict[str, object]) -> str:
    screen = io.StringIO()
    # As a person has it in a file, whose lines are told.
    linecache.cache["mine.py"] = (len(source), None, source.splitlines(keepends=True), "mine.py")
    with contextlib.redirect_stdout(screen):
        exec(compile(source, "mine.py", "exec"), scope)
    return screen.getvalue()


def test_the_example_prints_the_verdict_shown():
    assert printed(blocks("python")[0], {}) == blocks("text")[0]


def test_the_example_with_all_levels_prints_the_verdict_shown():
    assert printed(python('level="all"'), {"np": np, "symnn": symnn}) == blocks("text")[1]


def test_the_network_and_its_derivation_run_as_shown():
    rng = np.random.default_rng(0)
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((3, 2), (3, 1), (2, 3), (2, 1)))
    layers = [byhand.Dense(W1, b1), byhand.ReLU(), byhand.Dense(W2, b2)]
    scope: dict[str, object] = {
        "symnn": symnn,
        "my_layers": byhand.Network(layers, byhand.SoftmaxCCE("mean")),
        "params": {"W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "X": rng.normal(size=(2, 5)),
        "Y": np.eye(2)[:, [0, 1, 1, 0, 1]],
    }
    assert printed(python("my_layers"), scope).startswith("equal: certified against the derivation")
    assert "def kernel(params, X, Y):" in printed(python("derivation.compile()"), scope)
    assert sorted(scope["grads"]) == ["W1", "W2", "b1", "b2"]


def test_the_training_shown_learns_and_its_progress_bar_is_quiet_in_a_pipe(capsys, monkeypatch):
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    scope: dict[str, object] = {"np": np}
    assert printed(python("progress_bar"), scope) == ""
    assert capsys.readouterr().err == ""
    assert scope["history"].losses[-1] < 0.001 < 0.05 < scope["history"].losses[0]


def test_the_fixture_shown_checks_a_gradient_in_a_file(monkeypatch):
    mine = ModuleType("mine")
    mine.example, mine.loss, mine.grad = lambda: (np.ones(2),), lambda w: np.sum(w**2), lambda w: 2 * w
    monkeypatch.setitem(sys.modules, "mine", mine)
    given = []
    scope: dict[str, object] = {}
    printed(python("symnn_verify"), scope)
    scope["test_gradient"](lambda *arguments: given.append(symnn.verify(*arguments)))
    assert [verdict.verdict for verdict in given] == ["equal"]


def test_every_block_of_code_is_run_by_a_test_here():
    source = Path(__file__).read_text(encoding="utf-8")
    told = [*re.findall(r'python\(["\'](.*?)["\']\)', source), "import numpy as np\nimport symnn"]
    assert [block for block in blocks("python") if not any(one in block for one in told)] == []


def test_the_toml_file_shown_is_a_network():
    network = network_from_table(tomllib.loads(blocks("toml")[0]), "README.md")
    assert str(network) == "2-3-2"
