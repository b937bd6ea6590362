"""The text of a kernel: a plain NumPy function that a person could have written, computing only what is asked for."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache

from symnn.equations import Equation, Program
from symnn.errors import InputError
from symnn.kernels.arrays import arrays_of
from symnn.kernels.inplace import in_place
from symnn.kernels.printer import statements
from symnn.kernels.stable import stabilise, with_stable_parts
from symnn.notation import adjoint_name, name_of, shape_of
from symnn.rules import helpers_for

FUNCTION = "kernel"

DOCSTRING_WIDTH = 88
"""How many columns a line of a kernel's docstring has at most, unless a single word is longer."""

_INDENT = "    "


def needed(equations: Sequence[Equation], wanted: Iterable[str]) -> list[Equation]:
    """Return, in order, the equations that the wanted tensors depend on.

    >>> from symnn.notation import scalar
    >>> u, v, w = scalar("u"), scalar("v"), scalar("w")
    >>> [equation.name for equation in needed([Equation(v, u), Equation(w, u)], ["w"])]
    ['w']
    """
    missing = set(wanted)
    kept: list[Equation] = []
    for equation in reversed(equations):
        if equation.name in missing:
            kept.append(equation)
            missing.update(equation.reads)
    return kept[::-1]


def lines_of(equations: Iterable[Equation]) -> list[str]:
    """Return the NumPy statements of equations, one after the other.

    >>> from symnn.notation import LOSS, scalar
    >>> lines_of([Equation(LOSS, scalar("u") ** 2 / 3)])
    ['L = u**2/3']
    """
    return [line for equation in equations for line in _lines(equation)]


@lru_cache(maxsize=4096)
def _lines(equation: Equation) -> tuple[str, ...]:
    return tuple(statements(arrays_of(equation)))


def size_lines(program: Program, lines: Iterable[str]) -> list[str]:
    """Return the statements that read each size the lines mention off the shape of an array."""
    tree = ast.parse("\n".join(lines))
    mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    axes = {
        str(extent): f"{name_of(leaf)}.shape[{place}]"
        for leaf in program.leaves
        for place, extent in enumerate(program.shapes[name_of(leaf)])
    }
    used = [str(size) for size in program.sizes if str(size) in mentioned]
    unseen = [size for size in used if size not in axes]
    if unseen:
        raise InputError(
            f"size {', '.join(unseen)} is on no axis of a parameter, an input or a target: a kernel cannot know it"
        )
    return [f"{size} = {axes[size]}" for size in used]


def kernel_source(
    program: Program, backward: Sequence[Equation], wrt: Sequence[str], *, stable: bool, title: str
) -> str:
    """Return the source of ``kernel(params, *data) -> (loss, grads)`` with the gradients with respect to ``wrt``.

    With ``stable`` the forward pass uses the rows' stable NumPy forms and arrays that are done with are used again;
    without, the text is plain arithmetic that runs on any scalar.
    """
    forward = stabilise(program) if stable else program.equations
    backward = with_stable_parts(backward) if stable else backward
    loss = name_of(program.loss)
    kept = needed([*forward, *backward], [loss, *map(adjoint_name, wrt)])
    first = {equation.name for equation in forward}
    ahead = lines_of(equation for equation in kept if equation.name in first)
    back = lines_of(equation for equation in kept if equation.name not in first)
    sizes = size_lines(program, [*ahead, *back])
    passes = ["", "# forward pass", *ahead, *(["", "# backward pass", *back] if back else [])]
    if stable:
        shapes = {**program.shapes, **{equation.name: shape_of(equation.target) for equation in kept}}
        given = [name_of(tensor) for tensor in program.leaves]
        passes = in_place(passes, shapes, given, [loss, *map(adjoint_name, wrt)])
    grads = ", ".join(f'"{name}": {adjoint_name(name)}' for name in wrt)
    body = [
        *(f'{name_of(tensor)} = params["{name_of(tensor)}"]' for tensor in program.parameters),
        *sizes,
        *passes,
        "",
        f"return {loss}, {{{grads}}}",
    ]
    text = "\n".join(body)
    arguments = ", ".join(["params", *(name_of(tensor) for tensor in (*program.inputs, *program.targets))])
    function = f"def {FUNCTION}({arguments}):\n{_docstring(title)}\n{textwrap.indent(text, _INDENT)}\n"
    helpers = helpers_for(text)
    modules = ["math", "numpy as np"] if any("math." in source for source in helpers) else ["numpy as np"]
    imports = "\n\n".join(f"import {module}" for module in modules)
    return "\n\n".join([f"{imports}\n", *helpers, function])


def _docstring(title: str) -> str:
    """Return a title as an indented docstring, wrapped, with nothing in it that could end the string."""
    line = "".join(char for char in " ".join(title.split()) if char.isprintable())
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    whole = f'{_INDENT}"""{escaped}"""'
    if len(whole) <= DOCSTRING_WIDTH:
        return whole
    # Lines end between words only: an escape is never torn apart.
    wrapped = textwrap.fill(
        f'"""{escaped}',
        DOCSTRING_WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f'{wrapped}\n{_INDENT}"""'
