"""Running a file of someone else's: a child process under limits, and proxies that stand for its functions.

>>> import pathlib, tempfile
>>> text = "def loss(w): return w * w\\n\\ndef grad(w): return 2 * w\\n\\ndef example(): return (3.0,)"
>>> with tempfile.TemporaryDirectory() as folder:
...     file = pathlib.Path(folder, "mine.py")
...     written = file.write_text(text)
...     with opened(child_of(file, Limits(seconds=20))) as target:
...         target.grad(*target.arguments), target.lines
(6.0, {'loss': 1, 'grad': 3, 'example': 5})
"""

from symnn.sandbox.limits import GIGABYTE, Limits
from symnn.sandbox.opening import Target, child_of, opened
from symnn.sandbox.process import Child, StoppedError

__all__ = ["GIGABYTE", "Child", "Limits", "StoppedError", "Target", "child_of", "opened"]
