"""What the templates of a report are given: views of a derivation and of its findings, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symnn.derivation import Derivation, SumOverPaths, told_step
from symnn.library import Example, Findings, Pass, work
from symnn.notation import name_of
from symnn.report.allotted import allotted, counted
from symnn.report.form import blanked
from symnn.report.marking import marking
from symnn.report.moves import derivatives
from symnn.report.names import Names
from symnn.report.numbers import is_elided, number
from symnn.report.picture import picture_of
from symnn.report.provenance import provenance
from symnn.report.published import figure_view, worked
from symnn.report.questions import questions
from symnn.report.story import Teller
from symnn.report.styles import scalar
from symnn.report.telling import Telling
from symnn.report.views import Line, related
from symnn.rules import recognise_activation
from symnn.verification import Verdict


@dataclass(frozen=True)
class Result:
    """A quantity in one line: its key, whether it belongs to the forward pass, the loss or the backward pass."""

    key: str
    part: str
    line: Line

    @property
    def value(self) -> list[str]:
        """The value, behind the sign that says whether it is exact."""
        return [related(self.line.value, self.line.exact)]


def context_of(example: Example, findings: Findings | None, telling: Telling) -> dict[str, Any]:
    """Return what every template is given; ``findings`` are None where nothing may be told of the answers."""
    derivation, style, parts = example.derivation, telling.style, telling.parts
    passes = work(derivation, example.point)
    is_blank = telling.audience.blank
    if is_blank:
        passes = blank_passes(derivation, passes)
    rate = number(example.point.exact_rate, telling.form)[0]
    teller = Teller(derivation, passes, rate, telling.notation, deltas=style.deltas, form=telling.form)
    names = teller.names
    views = style.views(teller)
    elided = any(map(is_elided, teller.values.values()))
    # Of arrays that are not even printed whole, nobody reads every entry.
    is_told = "entries" in parts and style.views is not scalar.views and not is_blank and not elided
    keys = [view.key for view in (*views["forward"], *views["backward"])]
    points = allotted(derivation, keys)
    marked = marking(example, teller, keys, parts) if telling.audience.marked else None
    return {
        "title": " ".join(((is_blank and example.heading) or example.title).split()),
        "text": [" ".join(part.split()) for part in ((example.problem,) if is_blank else example.text.split("\n\n"))],
        "style": style.name,
        "audience": telling.audience.name,
        "detail": telling.detail.name,
        "parts": parts,
        "form": telling.form,
        "symbols": teller.symbols(),
        "shows_entries": bool(telling.notation.entries),
        "turned": teller.turned(),
        "index_order": telling.notation.order,
        "givens": teller.givens(),
        "drawn_arrays": [names.whole(name) for name in example.drawn],
        "seed": example.seed,
        "elided": elided,
        **views,
        "results": results(teller),
        "entrywise": scalar.views(teller) if is_told else None,
        "gradients": teller.gradients(),
        "updates": teller.updates(),
        "rate": f"{names.rate} = {rate}",
        "provenance": provenance(teller) if not is_blank or "provenance" in parts else (),
        "net": picture_of(teller, views["backward"], slides=telling.audience.latex != "latex"),
        "marks": marked.steps if marked is not None and "steps" in parts else {},
        "marking": marked,
        "points": {key: counted(count) for key, count in points.items()},
        "all_points": counted(sum(points.values(), Fraction(0))),
        **(
            {"questions": questions(teller, views, points)}
            if is_blank
            else {"loss_before": teller.loss(0), "loss_after": teller.loss(1), "outcome": teller.outcome()}
        ),
        **_told_of(example, findings, names, parts),
    }


def blank_passes(derivation: Derivation, passes: tuple[Pass, ...]) -> tuple[Pass, ...]:
    """Return passes with nothing but what is given: the data, and before the first update the parameters."""
    data = {name_of(tensor) for tensor in (*derivation.program.inputs, *derivation.program.targets)}
    given = data | {name_of(tensor) for tensor in derivation.program.parameters}
    return tuple(
        Pass(values, values)
        for place, done in enumerate(passes)
        for values in [_kept(done.values, data if place else given)]
    )


def _kept(values: Mapping[str, Any], kept: set[str]) -> dict[str, Any]:
    return {name: value if name in kept else blanked(value) for name, value in values.items()}


def results(teller: Teller) -> tuple[Result, ...]:
    """Return every quantity in one line."""
    program = teller.derivation.program
    forward = [
        Result(one.name, "loss" if one.target == program.loss else "forward", teller.lines.line(one))
        for one in program.equations
    ]
    return (*forward, *(found for step in teller.derivation.steps for found in _of_step(teller, step)))


def _of_step(teller: Teller, step: SumOverPaths) -> list[Result]:
    return [Result(one.name, "backward", teller.lines.line(one)) for one in told_step(step)]


def _told_of(example: Example, findings: Findings | None, names: Names, parts: frozenset[str]) -> dict[str, Any]:
    """Return what stands beside the story: figures, verdicts, derivatives of rows, code."""
    if findings is None:
        return dict.fromkeys(("figures", "worked", "derivatives"), ()) | {"drawn": False, "kernel": "", "code": ""}
    rows = dict.fromkeys(example.rows if "derivatives" in parts else ())
    if "activations" in parts:
        found = map(recognise_activation, example.derivation.program.equations)
        rows |= dict.fromkeys(one.row.name for one in found if one is not None)
    return {
        "figures": [figure_view(entry, names) for entry in findings.accounts],
        "worked": worked(example, names) if findings.accounts else (),
        "drawn": findings.drawn,
        "derivatives": derivatives(tuple(rows)),
        "by_hand": _verdict(findings.by_hand, names) if findings.by_hand is not None else None,
        "derived": _verdict(findings.derived, names),
        "kernel": example.derivation.compile().source.strip(),
        "code": example.code,
    }


def _verdict(verdict: Verdict, names: Names) -> dict[str, Any]:
    checks = [
        {
            "latex": names.whole(one.name),
            "shape": r" \times ".join(map(str, one.shape)) or "1",
            "verdict": one.verdict,
            "digits": one.digits,
        }
        for one in verdict.checks
    ]
    return {"verdict": verdict.verdict, "evidence": verdict.evidence, "checks": checks}
