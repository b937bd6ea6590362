"""Programs of NumPy calls, views and writes, drawn at random: what they make in float64 is what certified numbers make.

A program is a list of lines. Each is tried in float64 when it is drawn, and left out where NumPy refuses it, where it
gives what is not finite, or where two numbers lie so near that their order is a matter of rounding.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

SHAPES: tuple[tuple[int, ...], ...] = ((3,), (2, 3), (3, 3), (2, 1), (2, 3, 2))

# {a} and {b} are arrays, {k} is an axis.
MAKING = (
    *(
        "np.exp({a} / 4)",
        "np.tanh({a})",
        "{a} + {b}",
        "{a} - {b}",
        "{a} * {b}",
        "{a} / (2 + {b} ** 2)",
        "-{a}",
        "2 * {a}",
    ),
    *("{a} - 0.5", "1 / (1 + np.exp(-{a}))", "np.maximum({a}, {b})", "np.minimum({a}, 0.3)", "np.abs({a})", "{a} ** 2"),
    *("np.sqrt({a} ** 2 + 1)", "np.where({a} > 0, {a}, 0.25)", "np.where({a} > {b}, {b}, -1)", "np.clip({a}, -1, 1)"),
    *("np.sign({a}) * {b}", "np.hypot({a}, {b})", "np.arctan2({a}, {b} ** 2 + 1)", "np.log1p({a} ** 2)", "np.sin({a})"),
    *("({a} > 0) * {b}", "({a} > 0).astype(float)", "np.heaviside({a}, 0.5) + {b}", "np.square({a})", "np.sinc({a})"),
    *("{a}.sum()", "{a}.sum(axis={k})", "np.sum({a}, axis={k}, keepdims=True)", "np.mean({a}, axis={k})", "{a}.mean()"),
    *("{a}.max(axis={k})", "np.min({a}, axis={k}, keepdims=True)", "np.prod({a}, axis={k})", "np.std({a}, axis={k})"),
    *(
        "np.var({a}, axis={k}, ddof=1)",
        "np.cumsum({a}, axis={k})",
        "np.cumprod({a}, axis={k})",
        "np.diff({a}, axis={k})",
    ),
    *(
        "np.sort({a}, axis={k})",
        "np.argsort({a}, axis={k}, kind='stable') * 1.5",
        "np.argmax({a}, axis={k}) + {b}",
        "np.ptp({a}, axis={k})",
    ),
    *("np.median({a}, axis={k})", "np.linalg.norm({a})", "np.linalg.norm({a}, axis={k})", "np.sum({a}, where={a} > 0)"),
    *(
        "np.average({a}, axis={k})",
        "np.quantile({a}, 0.3, axis={k})",
        "np.trapezoid({a}, axis={k})",
        "np.gradient({a})",
    ),
    *(
        "np.logaddexp({a}, {b})",
        "np.logaddexp.reduce({a}, axis={k})",
        "np.maximum.accumulate({a}, axis={k})",
        "np.cbrt({a})",
    ),
    *(
        "{a}.T",
        "{a}.reshape(-1)",
        "{a}.ravel()",
        "np.swapaxes({a}, 0, -1)",
        "{a}[::2]",
        "{a}[1:]",
        "{a}[..., 0]",
        "{a}[None]",
    ),
    *(
        "{a}[::-1]",
        "{a}[:, ::-1]",
        "{a}[..., None]",
        "{a}[-1]",
        "np.expand_dims({a}, {k})",
        "np.squeeze({a})",
        "{a}.flatten()",
    ),
    *(
        "np.concatenate([{a}, {b}], axis={k})",
        "np.stack([{a}, {a} * 2])",
        "np.vstack([{a}, {b}])",
        "np.hstack([{a}, {b}])",
    ),
    *(
        "np.roll({a}, 1, axis={k})",
        "np.flip({a}, axis={k})",
        "np.pad({a}, 1)",
        "np.pad({a}, 1, mode='edge')",
        "np.tile({a}, 2)",
    ),
    *(
        "np.repeat({a}, 2, axis={k})",
        "np.array_split({a}, 2)[0]",
        "np.moveaxis({a}, 0, -1)",
        "np.atleast_2d({a})",
        "np.rot90({a})",
    ),
    *(
        "np.take({a}, [0, 0], axis={k})",
        "{a}[[0, -1]]",
        "{a}[{a} > 0]",
        "np.diag({a})",
        "np.triu({a})",
        "np.tril({a}, -1)",
    ),
    *(
        "np.broadcast_to({a}, (2, *{a}.shape))",
        "np.take_along_axis({a}, np.argsort({a}, axis={k}, kind='stable'), axis={k})",
        "np.delete({a}, 0)",
    ),
    *("np.insert({a}, 0, 0.5)", "np.append({a}, {b})", "np.compress([True, False], {a}, axis={k})", "np.trace({a})"),
    *(
        "np.outer({a}, {b})",
        "np.dot({a}, {b})",
        "{a} @ {b}",
        "{a} @ {a}.T",
        "np.inner({a}, {b})",
        "np.tensordot({a}, {b}, axes=1)",
    ),
    *(
        "np.einsum('i...->i', {a})",
        "np.einsum('ij,kj->ik', {a}, {a})",
        "np.einsum('...i,...i->...', {a}, {b})",
        "np.vdot({a}, {a})",
    ),
    *(
        "np.kron({a}, {b})",
        "np.convolve({a}, [0.5, 1.0])",
        "np.cov({a})",
        "np.interp({a}, [-1, 0, 2], [3, 1, 5])",
        "np.cross({a}, {b})",
    ),
    *(
        "np.zeros_like({a})",
        "np.ones({a}.shape)",
        "np.full_like({a}, 0.5)",
        "np.eye(3)",
        "np.arange(4.0)",
        "np.linspace(0, 1, 5)",
    ),
    *(
        "{a}.copy()",
        "np.array([{a}, {a}])",
        "np.array({a}.tolist())",
        "np.asarray({a})",
        "{a}.astype(float)",
        "np.copy({a})",
    ),
    *(
        "np.select([{a} > 1, {a} > 0], [{a}, {b}], 0.5)",
        "np.piecewise({a}, [{a} > 0], [lambda t: t * 2, 0.5])",
        "{a}.flat[0]",
    ),
    *(
        "np.linalg.det({a} @ {a}.T + np.eye(len({a})))",
        "np.linalg.inv({a} @ {a}.T + np.eye(len({a})))",
        "np.nan_to_num({a})",
    ),
    *(
        "np.lib.stride_tricks.sliding_window_view({a}, 2, axis={k})",
        "np.apply_along_axis(np.sum, {k}, {a})",
        "np.float64({b}.sum())",
    ),
    *(
        "sum({a}) + 0 * {b}",
        "max({a}.ravel())",
        "[t * 2 for t in {a}][0]",
        "np.array([t * t for t in {a}.ravel()])",
        "{a}.item(0)",
    ),
    *(
        "np.partition({a}, 0, axis={k}).min(axis={k})",
        "np.unique({a})",
        "np.nonzero({a})[0] + 0.5",
        "np.count_nonzero({a}) * {b}",
    ),
    *(
        "np.floor({a}) + {b}",
        "np.round({a}, 1)",
        "np.fmod({a}, 0.7)",
        "{a} % 0.7",
        "{a} // 0.7",
        "np.rint({a} * 3)",
        "np.trunc({a})",
    ),
)
"""Expressions, each of which gives a new name what it makes."""

WRITING = (
    *(
        "{a}[0] = 1.5",
        "{a}[...] *= 0.5",
        "{a} += {b}",
        "{a} *= 2",
        "{a} -= 0.25",
        "{a}[::2] -= 0.25",
        "{a}[{a} > 0] = 0.5",
    ),
    *("{a}[{a} > 0] *= 3", "np.add.at({a}, [0, 0], 0.25)", "{a}.fill(0.75)", "np.copyto({a}, 0.5)", "{a}.T[...] += 1"),
    *(
        "np.multiply({a}, 2, out={a})",
        "np.exp({a} / 4, out={a})",
        "{a}[[0, -1]] = 0.125",
        "{a}.sort()",
        "{a}.flat[0] = 2",
    ),
    *("{a}[-1] = {a}[0]", "{a}[...] = {b}", "{a}[..., 0] += {b}", "{a}[1:] = {a}[:-1]", "np.fill_diagonal({a}, 0.5)"),
    *(
        "np.putmask({a}, {a} > 0, 0.5)",
        "np.put({a}, [0], 0.375)",
        "{a}.ravel()[0] = 4",
        "{a}.reshape(-1)[1:] /= 2",
        "{a} **= 2",
    ),
    *(
        "np.add({a}, {b}, out={a})",
        "np.maximum({a}, 0, out={a})",
        "{a}[()] = 0.25",
        "np.negative({a}, out={a}, where={a} > 0)",
    ),
    *(
        "np.place({a}, {a} > 0, [0.5])",
        "np.put_along_axis({a}, np.array([[0]]), 0.625, axis=-1)",
        "np.subtract.at({a}, [0], {b})",
    ),
)
"""Statements that change arrays in place, and through them all that look at the same memory."""

LINES = 8
NEAR = 1e-9


class Program:
    """Lines of NumPy code, and the float64 arrays that they start from."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.given = {
            name: np.asarray(self._rng.integers(-64, 65, SHAPES[self._rng.integers(len(SHAPES))]) / 32 + 1 / 128)
            for name in ("x", "y", "z")
        }
        self._found = dict(self.given)
        self.lines: list[str] = []
        while len(self.lines) < LINES:
            line = self._drawn()
            if self._holds([*self.lines, line]):
                self.lines.append(line)

    def _drawn(self) -> str:
        names = [*self.given, *(f"v{k}" for k, line in enumerate(self.lines) if line.startswith(f"v{k} = "))]
        whole = [name for name in names if self._found[name].ndim]
        parts = {one: own[self._rng.integers(len(own))] for one, own in (("a", whole), ("b", names))}
        axis = int(self._rng.integers(-1, 2))
        if self._rng.random() < 0.3:
            return WRITING[self._rng.integers(len(WRITING))].format(**parts, k=axis)
        return f"v{len(self.lines)} = {MAKING[self._rng.integers(len(MAKING))].format(**parts, k=axis)}"

    def _holds(self, lines: list[str]) -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = run(lines, {name: A.copy() for name, A in self.given.items()})
            except Exception:
                return False
        if not all(_is_ordinary(A) for A in found.values()):
            return False
        self._found = {name: np.asarray(A) for name, A in found.items()}
        return True

    def __str__(self) -> str:
        given = [f"{name} = np.array({A.tolist()!r})" for name, A in self.given.items()]
        return "\n".join([*given, *self.lines])


def run(lines: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Run lines on arrays, and return all names afterwards."""
    space: dict[str, Any] = {}
    text = "\n    ".join([f"def program({', '.join(given)}):", *lines, "return locals()"])
    exec(compile(text, "<program>", "exec"), {"np": np, "__name__": __name__}, space)
    found: dict[str, Any] = space["program"](**given)
    return found


def _is_ordinary(A: Any) -> bool:
    """Whether it is finite, not huge, and its numbers are equal or clearly apart, from each other and from 0."""
    if not isinstance(A, np.ndarray | float | int | np.generic):
        return False
    flat = np.unique(np.asarray(A, dtype=np.float64).ravel())
    if flat.size > 200 or not np.all(np.isfinite(flat)) or np.any(np.abs(flat) > 1e6):
        return False
    gaps = np.diff(np.unique(np.append(flat, 0.0)))
    return not np.any(gaps < NEAR)
