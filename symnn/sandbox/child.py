"""The child process: it imports the file, holds itself to the limits, and answers calls until the parent has gone.

Every answer is an object with one key that says which it is: *value*; *undecided*, no certified answer; *stopped*, code
that cannot run at all; *unusable*, a file that cannot be used; *memory*, more of it asked for than is allowed. Standard
output and error of the file are one pipe that the parent drains; the pipes of the answers are kept out of its reach as
far as one process can.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from symnn.errors import InputError, UndecidedError
from symnn.network import to_table
from symnn.sandbox.changes import changed, snapshot
from symnn.sandbox.codec import Reader, Writer
from symnn.sandbox.contract import AskedTooMuchError, Submission, arguments, submission
from symnn.sandbox.editing import ChildEditor
from symnn.sandbox.fingerprint import Fingerprint
from symnn.sandbox.limits import MOST_ANSWERED, Limits, restrict
from symnn.sandbox.messages import packed, parsed, unpacked
from symnn.sandbox.records import Continued, records, system_of
from symnn.sandbox.sweeps import arrays_in, slopes_of
from symnn.sandbox.towers import Towers
from symnn.scalars import running, values
from symnn.scalars.tape import recording
from symnn.verification.adapters import Code, Given, adapt
from symnn.verification.adapters.network_stack import stack_subject
from symnn.verification.calling import CannotRunError, call, fresh
from symnn.verification.calling import drawing as drawn
from symnn.verification.matching import match_gradients
from symnn.verification.structure import Parameters, parameters
from symnn.verification.trees import flatten, is_plain

Answer = dict[str, Any]


class Server:
    """What answers for one file: its functions, and the values that cannot leave this process."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._shared = Fingerprint()
        self._held: list[Any] = []
        self._towers = Towers(of_child=True)
        self._reader = Reader(self._back, self._towers)
        self._writer = Writer(towers=self._towers)
        self._continued = Continued()
        self._found: Submission | None = None
        self._actions: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "open": self._open,
            "example": self._example,
            "adapt": self._adapt,
            "call": self._call,
            "scopes": lambda given: self._of_editor("scopes", given),
            "edit": lambda given: self._of_editor("edit", given),
            "numbers": lambda given: self._of_editor("numbers", given),
            "intermediates": lambda given: self._of_editor("intermediates", given),
            "assignments": lambda given: self._of_editor("assignments", given),
            "try": lambda given: self._of_editor("tried", given),
        }
        self._editor: ChildEditor | None = None

    def answer(self, message: dict[str, Any]) -> Answer:
        """Return the answer to one message, whatever the code of the file raises."""
        try:
            given = self._reader.message(message)
            answer = self._actions[given["do"]](given)
        except AskedTooMuchError:
            answer = {"memory": ""}
        except CannotRunError as problem:
            answer = {"memory": ""} if isinstance(problem.__cause__, MemoryError) else {"stopped": str(problem)}
        except UndecidedError as problem:
            answer = {"undecided": str(problem)}
        except InputError as problem:
            answer = {"unusable": str(problem)}
        except MemoryError:
            answer = {"memory": ""}
        except BaseException as problem:
            answer = {"stopped": f"{message.get('name', 'it')} raised {type(problem).__name__}: {problem}"}
        if name := self._shared.restored():
            return {"stopped": f"the file replaces {name}, which all code shares: keep it under a name of your own"}
        return answer

    def _open(self, given: dict[str, Any]) -> Answer:
        self._found = submission(self._file)
        found = self._found
        table = None if found.network is None else to_table(found.network)
        return {
            "value": self._writer.message(
                lines=found.lines,
                parameters=found.parameters,
                network=table,
                is_target=bool(found.target),
                argnum=found.argnum,
            )
        }

    def _example(self, given: dict[str, Any]) -> Answer:
        params, *data = arguments(self._file, self._function("example"))
        for leaf in flatten([params, data]).values():
            if isinstance(leaf, np.matrix):
                raise CannotRunError(
                    "* and ** of an np.matrix are products of matrices: give np.asarray of it, and use @"
                )
        if self._found is not None and not is_plain(params):
            # What has a class of its own stays here; what goes to the parent and comes back are named arrays.
            read, loss, grad = parameters(params), self._function("loss"), self._function("grad")
            functions = {
                "loss": Code(lambda given, *rest: loss(read.rebuild(given), *rest), (loss,)),
                "grad": Code(lambda given, *rest: match_gradients(grad(read.rebuild(given), *rest), read), (grad,)),
            }
            self._found = replace(self._found, functions={**self._found.functions, **functions})
            params = dict(read.arrays)
        return {"value": Writer(self._hold).message(arguments=(params, *data))}

    def _adapt(self, given: dict[str, Any]) -> Answer:
        """Read the target of a file as a loss and a gradient of named arrays, which the parent then calls."""
        if self._found is None:
            raise InputError("the file has not been opened")
        found, seed = self._found, int(given["seed"])
        example = found.functions.get("example")
        args = () if example is None else arguments(self._file, example, alone=True)
        first, *rest = found.target
        network = found.network
        if not args and network is not None:
            subject = stack_subject(first, network, seed)
        else:
            subject = adapt(Given(first, (*rest, *args), names=found.names, seed=seed, argnum=found.argnum))
        functions = {"loss": subject.loss, "grad": subject.grad}
        if subject.again is not None:
            functions["again_loss"], functions["again_grad"] = subject.again()
        functions = {name: _of_named_arrays(function, subject.parameters) for name, function in functions.items()}
        self._found = replace(found, functions={**found.functions, **functions})
        described = subject.described
        return {
            "value": Writer(self._hold).message(
                arguments=(dict(subject.parameters.arrays), *subject.data),
                shape=subject.shape,
                notes=subject.notes,
                missing=[(one.name, one.shape, one.said) for one in subject.missing],
                words=subject.words,
                only_floats=subject.only_floats,
                fixed=None if described is None else dict(described.fixed),
                supplied=() if described is None else described.supplied,
                keeps_state=subject.again is not None,
            )
        }

    def _call(self, given: dict[str, Any]) -> Answer:
        name, args, setting = given["name"], given["args"], given["settings"]
        function = self._function(name)
        before = snapshot(args)
        recorded: dict[str, Any] = {}
        result, slopes, problem, tower = None, None, None, None
        with ExitStack() as stack:
            if given["quiet"]:
                stack.enter_context(np.errstate(all="ignore"))
            stack.enter_context(drawn(given["draws"]))
            if setting is not None:
                functions = [self._function("loss"), self._function("grad")]
                run = stack.enter_context(running(system_of(setting), widen=setting["widen"], functions=functions))
                self._continued.enter(run, given["run"], setting)
            drawing = Drawing(function)
            record = stack.enter_context(recording()) if given["swept"] is not None else None
            try:
                leaves = [] if record is None else [record.leaves(values(A)) for A in _chosen(args, given["swept"])]
                result = call(name, drawing, *args)
                slopes = None if record is None else slopes_of(result, record, leaves)
            except UndecidedError as error:
                if isinstance(error.__cause__, MemoryError):
                    raise
                # What was recorded until then is told as well: more levels, or another draw, may help.
                problem = ("stopped" if isinstance(error, CannotRunError) else "undecided", str(error))
            if setting is not None:
                recorded = records(run)
                tower = None if run.system is None or run.system.over is None else self._towers.records()
        moved = args if problem is None and changed(args, before) else None
        found = {"result": result, "slopes": slopes, "problem": problem, "recorded": recorded, "tower": tower}
        return {"value": self._writer.message(**found, changed=moved, drew=drawing.drew)}

    def _of_editor(self, name: str, given: dict[str, Any]) -> Answer:
        if self._editor is None:
            self._editor = ChildEditor(self._function("loss"), self._function("grad"), self._argnum())
        with np.errstate(all="ignore"):
            return {"value": self._writer.message(**getattr(self._editor, name)(given))}

    def _argnum(self) -> Any:
        return None if self._found is None or self._found.target else self._found.argnum

    def _function(self, name: str) -> Callable[..., Any]:
        if self._found is None:
            raise InputError("the file has not been opened")
        return self._found.functions[name]

    def _hold(self, x: Any) -> int:
        self._held.append(x)
        return len(self._held)

    def _back(self, number: int, said: str) -> Any:
        return fresh(self._held[number - 1])


def _chosen(args: Any, swept: list[bool]) -> list[Any]:
    return [A for A, is_swept in zip(arrays_in(args), swept, strict=True) if is_swept]


def _of_named_arrays(function: Callable[..., Any], params: Parameters) -> Callable[..., Any]:
    """A function of parameters in the structure of their user as one of arrays by name."""
    return Code(lambda given, *rest: function(params.rebuild(given), *rest), (function,))


class Drawing:
    """A function that tells whether it drew from the global random numbers: a call puts these back."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.drew = False

    def __call__(self, *args: Any) -> Any:
        """Return what the function returns."""
        before = _stand()
        try:
            return self._function(*args)
        finally:
            self.drew = _stand() != before


def _stand() -> tuple[Any, ...]:
    state = np.random.get_state(legacy=False)["state"]
    return state["pos"], state["key"].tobytes(), random.getstate()


def main() -> None:
    """Answer on the standard input and output that this process was started with."""
    questions, answers = _taken_over()
    first = parsed(unpacked(questions.read, MOST_ANSWERED) or b"{}")
    server = Server(Path(first["file"]))
    limits = Limits(first["seconds"], first["memory"])
    # What draws from the global generators draws the same in every run.
    np.random.seed(0)
    random.seed(0)
    restrict(limits)
    answers.write(packed({"value": {}}))
    answers.flush()
    while (message := unpacked(questions.read, MOST_ANSWERED)) is not None:
        answer = packed(server.answer(parsed(message)))
        if len(answer) > MOST_ANSWERED:
            answer = packed({"stopped": f"its result is larger than {MOST_ANSWERED // 10**6} MB"})
        for stream in (sys.stdout, sys.stderr):
            _flushed(stream)
        answers.write(answer)
        answers.flush()
    # Nothing that the file left behind is waited for.
    os._exit(0)


def _taken_over() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for this module; the file finds no input, and its output goes where its errors go."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return questions, answers


def _flushed(stream: Any) -> None:
    try:
        stream.flush()
    except Exception:
        # The file has closed or replaced it; what it printed into it is its own affair.
        return
