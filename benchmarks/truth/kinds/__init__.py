"""The kinds of slips: for each, what makes its plantings, and the smallest repair in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.truth.kinds import arrays, names, operations, slopes, statements
from benchmarks.truth.source import Planting, Source


@dataclass(frozen=True)
class Kind:
    """One kind of slip; ``plant`` yields every place of a source where it could be made."""

    id: str
    plant: Callable[[Source], Iterator[Planting]]
    repair: str


KINDS = (
    Kind("operator", operations.operator, "put the right operator"),
    Kind("sign", operations.sign, "turn the sign"),
    Kind("term missing", operations.term_missing, "add the term"),
    Kind("factor missing", operations.factor_missing, "multiply or divide by the factor"),
    Kind("average missing", operations.average_missing, "divide by the number of samples"),
    Kind("averaged twice", operations.averaged_twice, "take one of the two divisions away"),
    Kind("factor twice", operations.factor_twice, "take one of the two factors away"),
    Kind("factor two", operations.factor_two, "take the number away"),
    Kind("operands exchanged", operations.operands_exchanged, "exchange the two sides"),
    Kind("square missing", operations.square_missing, "raise the power"),
    Kind("constant", operations.constant, "put the right number"),
    Kind("parentheses", operations.parentheses, "put the parentheses"),
    Kind("transpose missing", arrays.transpose_missing, "put the transpose"),
    Kind("transpose extra", arrays.transpose_extra, "take the transpose away"),
    Kind("axis", arrays.axis, "name the right axis"),
    Kind("keepdims missing", arrays.keepdims_missing, "keep the axis that is summed over"),
    Kind("sum or mean", arrays.sum_or_mean, "put the sum for the mean, or the mean for the sum"),
    Kind("sum missing", arrays.sum_missing, "sum over the axis"),
    Kind("index", arrays.index, "move the index by one"),
    Kind("count", arrays.count, "take the length of the right axis"),
    Kind("slice", arrays.bounds, "put the right bound"),
    Kind("added axis", arrays.added_axis, "put the new axis where it belongs"),
    Kind("einsum letters", arrays.letters, "put the right letter"),
    Kind("reversal missing", arrays.reversal, "turn the loop or the result round"),
    Kind("loop bounds", arrays.loop, "let the loop run over everything"),
    Kind("repeated rows", arrays.repeated, "add with `np.add.at`"),
    Kind("variable, same shape", names.variable_same, "name the right variable"),
    Kind("variable, other shape", names.variable_other, "name the right variable"),
    Kind("stale value", names.stale, "take the value after the activation, or before it"),
    Kind("key", names.key, "name the right key or attribute"),
    Kind("function", names.function, "name the right function"),
    Kind("arguments exchanged", names.arguments, "exchange the two arguments"),
    Kind("comparison", names.comparison, "turn the comparison"),
    Kind("threshold", names.threshold, "compare with the right number or value"),
    Kind("branches exchanged", names.branches, "exchange the two cases"),
    Kind("results exchanged", names.results, "exchange the two results"),
    Kind("slope missing", slopes.slope_missing, "multiply by the slope"),
    Kind("slope elsewhere", slopes.slope_elsewhere, "take the slope at the right layer"),
    Kind("slope extra", slopes.slope_extra, "take the slope away"),
    Kind("penalty missing", slopes.penalty_missing, "add the penalty's gradient"),
    Kind("penalty scaled", slopes.penalty_scaled, "take the penalty's factor as the loss has it"),
    Kind("penalty on bias", slopes.penalty_on_bias, "take the term away"),
    Kind("statement missing", statements.deleted, "put the statement back"),
    Kind("statement twice", statements.doubled, "take one of the two away"),
    Kind("statements exchanged", statements.exchanged, "exchange the two statements"),
    Kind("statement moved", statements.moved, "move the statement back"),
    Kind("= for +=", statements.assigned, "add instead of assigning"),
    Kind("+= for =", statements.added, "assign instead of adding"),
    Kind("-= for +=", statements.subtracted, "put the other sign before ="),
    Kind("pasted", statements.pasted, "name the variables of the right layer"),
    Kind("indentation", statements.indented, "move the statement in or out of the loop"),
    Kind("copy missing", statements.aliased, "copy before writing"),
)
