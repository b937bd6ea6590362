"""A function of the child as a plain callable of the parent.

A run rebinds names in the module of every function it is given; this module has none that it would look for.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from inspect import Parameter, Signature
from typing import Any

from symnn.sandbox.caller import Caller
from symnn.sandbox.editing import RemoteEditor


class Proxy:
    """``loss`` or ``grad`` of a file in a child: called like the function itself, in any run that is open here.

    Arguments that the function changes are changed here as well. Raises UndecidedError, and what `Child.ask` raises.
    The ``editor`` of a gradient changes its code there.
    """

    # The code it runs is in no module here.
    runs_code_of: tuple[Any, ...] = ()

    def __init__(self, name: str, names: Sequence[str], caller: Caller) -> None:
        self.__name__ = name
        self.editor: RemoteEditor | None = None
        self._caller = caller
        # What the data are called in formulas; names that Python would not take are no loss.
        with suppress(ValueError):
            self.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names])

    def __call__(self, *args: Any) -> Any:
        """Return what the function returns in the child."""
        return self._caller.call(self.__name__, args)
