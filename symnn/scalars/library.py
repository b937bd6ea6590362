"""A module as the code under test sees it in a run: some functions are replaced, and all else is the original's."""

from __future__ import annotations

from types import ModuleType
from typing import Any


class Library(ModuleType):
    """A module, or another object, in which some functions are replaced and all else is the original's.

    >>> import math
    >>> library = Library(math, {"exp": str})
    >>> library.exp(1), library.pi == math.pi
    ('1', True)
    """

    def __init__(self, original: Any, replaced: dict[str, Any]) -> None:
        super().__init__(getattr(original, "__name__", ""), original.__doc__)
        vars(self).update(replaced, _original=original)

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_original"], name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the original, where it is no module."""
        return vars(self)["_original"](*args, **kwargs)
