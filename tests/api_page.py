"""The page of everything that stands at the door of symnn, made of its docstrings.

`python -m tests.api_page` writes it anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import symnn

PAGE = Path(__file__).parents[1] / "docs" / "api.md"

HEAD = """# Everything at the door

What `import symnn` gives, made of the docstrings by `python -m tests.api_page`: how each is called, what it does, which
shapes it takes, what it raises, and an example that runs.
"""

WIDE = 100


def page() -> str:
    """Return the page."""
    names = [name for name in symnn.__all__ if not isinstance(getattr(symnn, name), ModuleType)]
    rooms = [name for name in symnn.__all__ if name not in names]
    parts = [HEAD, contents([*names, *rooms])]
    parts += [section(f"symnn.{name}", getattr(symnn, name), level=2) for name in (*names, *rooms)]
    return "\n".join(parts)


def contents(names: list[str]) -> str:
    return ", ".join(f"[`{name}`](#symnn{name.lower()})" for name in names) + "\n"


def section(name: str, thing: Any, level: int) -> str:
    """Return what is told of one name: its heading, how it is called, its docstring, and what it holds."""
    lines = [f"{'#' * level} `{name}`", ""]
    if not isinstance(thing, ModuleType) and not is_error(thing):
        lines += ["```text", called(name, thing), "```", ""]
    lines += [*docstring(thing), ""]
    if isinstance(thing, ModuleType):
        told = [part for part in thing.__all__ if getattr(getattr(thing, part), "__module__", "").startswith("symnn.")]
        lines += [*(f"- `{name}.{part}`: {sentence(getattr(thing, part))}" for part in told), ""]
    elif inspect.isclass(thing):
        lines += [f"- `{shown}`: {sentence(member)}" for shown, member in members(thing)]
        lines += [""] if lines[-1] else []
    return "\n".join(lines)


def is_error(thing: Any) -> bool:
    return inspect.isclass(thing) and issubclass(thing, Exception)


def called(name: str, thing: Any) -> str:
    """Return how a function or a class is called, on one line or a line for each argument."""
    signature = inspect.signature(thing)
    arguments = list(written(signature))
    returned = signature.return_annotation
    result = f" -> {returned}" if not inspect.isclass(thing) and returned is not signature.empty else ""
    line = f"{name}({', '.join(arguments)}){result}"
    return line if len(line) <= WIDE else "\n".join([f"{name}(", *(f"    {one}," for one in arguments), f"){result}"])


def written(signature: inspect.Signature) -> Iterator[str]:
    """Yield the arguments as they are written; annotations are texts already."""
    starred = False
    for one in signature.parameters.values():
        starred = starred or one.kind is one.VAR_POSITIONAL
        if one.kind is one.KEYWORD_ONLY and not starred:
            yield "*"
            starred = True
        stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        # What a dataclass makes anew each time shows itself as an object of this run.
        default = (
            "" if one.default is one.empty else f" = {'...' if 'factory' in repr(one.default) else repr(one.default)}"
        )
        yield f"{stars}{one.name}: {one.annotation}{default}"


def docstring(thing: Any) -> Iterator[str]:
    """Yield the lines of a docstring, its examples in blocks of their own."""
    inside = False
    for line in inspect.cleandoc(thing.__doc__).splitlines():
        if line.startswith(">>>") and not inside:
            inside = True
            yield "```pycon"
        elif inside and not line:
            inside = False
            yield "```"
        yield line
    if inside:
        yield "```"


def members(thing: type) -> Iterator[tuple[str, Any]]:
    """Yield what an object of a class offers beside its fields: properties by their names, methods with brackets."""
    for name, member in vars(thing).items():
        if name.startswith("_") or not getattr(member, "__doc__", None):
            continue
        if isinstance(member, property | classmethod | staticmethod) or inspect.isfunction(member):
            yield (name if isinstance(member, property) else f"{name}()"), member


def sentence(thing: Any) -> str:
    """Return the first sentence of a docstring, on one line."""
    first = " ".join(inspect.cleandoc(thing.__doc__ or "").partition("\n\n")[0].split())
    return re.sub(r"\s*>>>.*", "", first)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
