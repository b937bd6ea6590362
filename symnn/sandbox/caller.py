"""Calls to a child: the run that is open here is opened there, and what it recorded there is recorded here."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.sandbox.changes import take_over
from symnn.sandbox.process import Child
from symnn.sandbox.records import settings, take_in
from symnn.sandbox.sweeps import arrays_in, numbers_of, record_call
from symnn.scalars import Run
from symnn.scalars.choices import Choices
from symnn.scalars.run import current
from symnn.scalars.tape import tape
from symnn.verification.calling import CannotRunError, draws_now

_PROBLEMS: dict[str, type[UndecidedError]] = {"undecided": UndecidedError, "stopped": CannotRunError}


class Caller:
    """Calls the functions of one child, and numbers the runs, and their choices at kinks, in which they are called."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._run: Run | None = None
        self._choices: Choices | None = None
        self._runs = 0

    def call(self, name: str, args: tuple[Any, ...]) -> Any:
        """Return what function ``name`` returns for the arguments. Raises what `Child.ask` raises."""
        run = current()
        if run is not self._run or run.choices is not self._choices:
            self._run, self._choices, self._runs = run, run.choices, self._runs + 1

        record = tape()
        arrays = [] if record is None else arrays_in(args)
        moving = [A for A in arrays if record is not None and record.any_moves(numbers_of(A))]

        def read(found: dict[str, Any]) -> Any:
            take_in(run, found["recorded"])
            if run.system is not None and run.system.over is not None:
                self._child.towers.take_in(found["tower"])
            if found["changed"] is not None:
                take_over(args, found["changed"])
            if found["drew"]:
                # The child has put its own random numbers back; whoever watches those here is to see it.
                np.random.random()
            if found["problem"] is not None:
                kind, said = found["problem"]
                raise _PROBLEMS[kind](str(said))
            if record is not None and found["slopes"] is not None:
                record_call(record, found["result"], moving, found["slopes"])
            return found["result"]

        return self._child.ask(
            name,
            read,
            do="call",
            name=name,
            # They name the tower that the arguments are over, and so come first.
            settings=None if run.system is None else settings(run),
            args=args,
            run=self._runs,
            swept=None if record is None else [any(A is B for B in moving) for A in arrays],
            draws=draws_now(),
            quiet=set(np.geterr().values()) == {"ignore"},
        )
