"""The stress report in words, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symnn.errors import aligned
from symnn.exam.stress import Coinciding, Failure, Stress

UNTOLD = 10**5
"""From so many certified digits on two numbers are equal as rational numbers."""


def told(stress: Stress) -> str:
    """Return the stress report as text."""
    parts = [_summary(stress)]
    if stress.failures:
        parts.append("failures, by variant\n" + aligned([(_where(one), one.said) for one in stress.failures]))
    for title, wanted in (("every variant, whatever its numbers", True), ("some variants", False)):
        groups = [one for one in stress.coincide if (one.variants == stress.variants) is wanted]
        if groups:
            parts.append(
                "\n".join([f"mistakes that no answer tells apart, in {title}", *_groups(groups, stress.variants)])
            )
    if stress.alike:
        rows = [("variants", ", ".join(map(str, numbers))) for numbers in stress.alike]
        parts.append("variants with the same numbers\n" + aligned(rows))
    return "\n\n".join(parts) + "\n"


def _summary(stress: Stress) -> str:
    digits = "exactly" if stress.digits >= UNTOLD else f"to {stress.digits} digits at least"
    rows = [
        ("variants", str(stress.variants)),
        ("answers", f"{stress.answers}, each worked out anew by the kernel over balls, equal {digits}"),
        ("slopes", f"{stress.slopes} arrays of derivatives, each compared with dual balls run through the loss"),
        ("wrong answers", f"{stress.mistakes}, none inside the interval of a right answer but those named below"),
        ("failures", str(len(stress.failures))),
        ("alike", f"{sum(map(len, stress.alike))} variants" if stress.alike else "no two variants"),
    ]
    for problem, (least, most) in stress.work.items():
        products = _from_to(least.multiplications, most.multiplications)
        sums = _from_to(least.additions, most.additions)
        rows.append((f"work in {problem}", f"{products} multiplications, {sums} additions in every variant"))
    return f"{'everything holds' if stress.holds else 'something does not hold'}\n{aligned(rows)}"


def _groups(groups: Sequence[Coinciding], variants: int) -> Iterator[str]:
    """Yield lines that list groups of mistakes, under the problem that they are made in; each problem comes once."""
    order = list(dict.fromkeys(one.problem for one in groups))
    problem = ""
    for one in sorted(groups, key=lambda one: order.index(one.problem)):
        if one.problem != problem:
            problem = one.problem
            yield f"  {problem}"
        count = f" ({one.variants} of {variants} variants)" if one.variants != variants else ""
        first, *others = one.said
        yield f"    {'the right answer' if one.right else first}{count}"
        yield from (f"    = {said}" for said in ((first, *others) if one.right else others))


def _from_to(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"


def _where(failure: Failure) -> str:
    place = f"variant {failure.variant}" if failure.variant else "all variants"
    return f"{place}, {failure.problem}" + (f", {failure.answer}" if failure.answer else "")
