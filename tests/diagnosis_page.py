"""The page of mistakes that people published, each with what is told of it: `python -m tests.diagnosis_page` writes it.

The mistakes are those of tests/edits/cases, in our own words; what is told of them is what `symnn verify` prints.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from inspect import getsource
from pathlib import Path
from typing import Any

import symnn
from symnn.report.explanation import explained_text
from symnn.verification.repair import editor_of, explain
from symnn.verification.subject import pair_of

PAGE = Path(__file__).parents[1] / "docs" / "diagnosis.md"
CASES = Path(__file__).with_name("edits") / "cases"

HEAD = """# The mistake, in your own line

Where a gradient is *different*, symnn looks for the smallest edit of its code that makes it right. It runs the code
with one small change after the other, some hundreds to some thousands, beside the exact derivatives of the loss:
another name of the same shape, another operator, a factor, a transposition, an axis, an index, a statement more or
less. What agrees in float64, also with other numbers in the module and with one sample more, is then certified like
any other gradient, at three points in ball arithmetic. Only an edit with which the whole gradient is *equal* is told,
so that none can mislead.

| you see | it means |
|---|---|
| the mistake: in line 24 … | the line to change, and what had been done wrong there |
| you wrote, right is | the line as it is, and with the edit |
| because | the law that the right form follows from, where it is known |
| or in line … | another edit that does as well; at most two are shown, the others counted |
| no mistake is named: … | no edit was found; these arrays are what they ought to be, the next is no derivative |
| 2 times what it should be | no edit was found: this is how the numbers differ, which is a symptom and no cause |

`symnn verify --fix FILE` writes the edit into the file, after showing it and asking; `--effort SECONDS` says how long
edits are tried (10 by default, 0 for not at all); `--format sarif` has the edit as a fix, `--format json` under
`mistake`. In Python it is in `verdict.diagnosis`: `mistakes`, each with `line`, `edit`, `code`, `meaning` and
`because`, and `repair`, a unified diff. Where the loss is that of a network that symnn knows, the mistake has its
name from there, and line and edit beside it.

Code is left as it is: edits are made in the running functions, and taken back. What an edit would let run on, or ask
for much memory, is ended. A file given to `symnn verify` is edited in its own process, under its limits.

`--explain` prints the code of the gradient with what each line leaves: which derivative of the loss it is, by the
names of the loss. `--explain-to FILE.html` writes that as a page.

"""


def page() -> str:
    """Return the page."""
    return HEAD + "\n".join(section(path) for path in sorted(CASES.glob("[a-z]*.py")))


@cache
def checked(name: str) -> tuple[Any, symnn.Verdict]:
    """Return the module of a case, and the verdict on it."""
    module = import_module(f"tests.edits.cases.{name}")
    return module, symnn.verify(module.loss, module.grad, *module.example())


@cache
def section(path: Path) -> str:
    """Return what is told of one file: what it does wrong, its gradient, and the verdict."""
    module, verdict = checked(path.stem)
    subject = pair_of(module.loss, module.grad, *module.example())
    lines = explained_text(explain(editor_of(subject), verdict.diagnosis.edits))
    told = f"{verdict}\n\n{lines}".replace(os.path.relpath(path), path.name)
    title, _, _ = (module.__doc__ or "").partition("\n")
    return f"## {title.rstrip('.')}\n\n```python\n{getsource(module.grad)}```\n\n```text\n{told}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
