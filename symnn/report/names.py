"""How a tensor of a derivation is written in a notation: whole, by an entry, its gradient, its activation's slope."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from sympy import Expr, Idx

from symnn.derivation import Derivation, Product, SlopeInOutput
from symnn.equations import Program
from symnn.equations.equation import occurrences
from symnn.notation import ADJOINT, SAMPLES, SLOPE, Target, indices_of, name_of, shape_of
from symnn.report.escape import LONG_NAME, escape_name
from symnn.report.notations import DEFAULT, FROM_TO, STORED, Notation
from symnn.rules import ACTIVATIONS

_GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "lambda", "mu", "nu", "rho", "sigma", "theta", "phi"}
_DIGITS = "0123456789"
# A number with more digits is no number of a layer.
_MOST_DIGITS = 6
_NAME = re.compile(rf"([A-Za-z]+?)_?([A-Z]?[{_DIGITS}]{{0,{_MOST_DIGITS}}})")
PRE_ACTIVATION = "Z"
"""The stem of the names of pre-activations."""
OUTPUT = "A"
"""The stem of the names of activations."""


@dataclass(frozen=True)
class _Sign:
    """What one tensor is written with: its letter as a whole and as an entry, and the mark of its layer."""

    whole: str
    entry: str
    mark: str
    digits: str
    stem: str
    whole_below: bool
    entry_below: bool

    def written(self, below: str, above: str, comma: str, *, entry: bool) -> str:
        """Return the letter with indices below and above."""
        is_below = self.entry_below if entry else self.whole_below
        sub = (self.digits + (comma if self.digits and below else "") if is_below else "") + below
        sup = ("" if is_below else self.mark) + above
        letter = self.entry if entry else self.whole
        return letter + (f"^{{{sup}}}" if sup else "") + (f"_{{{sub}}}" if sub else "")


class Names:
    """How each tensor of a derivation is written: its own name, its gradient, its activation's slope.

    With ``deltas`` the gradient with respect to a pre-activation has a letter of its own. No two tensors are written
    alike: where a notation would do that, they keep the letters they have in the program.
    """

    def __init__(self, derivation: Derivation, notation: Notation = DEFAULT, *, deltas: bool = False) -> None:
        self.program = derivation.program
        self.notation = notation
        self.deltas = deltas
        self.tensors = set(self.program.shapes)
        self.slopes: Mapping[str, tuple[str, str]] = MappingProxyType(
            {
                path.through: (ACTIVATIONS[path.local.row].latex, name_of(path.local.entry))
                for step in derivation.steps
                for path in step.paths
                if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
            }
        )
        helpers = {equation.name: equation.target for step in derivation.steps for equation in step.helpers}
        self.shapes = {**self.program.shapes, **{name: shape_of(target) for name, target in helpers.items()}}
        self._lone = {_prediction(self.program), *map(name_of, self.program.targets)}
        self.turned = _turned(self.program, notation)
        self._signs = _distinct(self.program, tuple(self.shapes), notation)

    @property
    def loss(self) -> str:
        """The loss."""
        return self.whole(name_of(self.program.loss))

    @property
    def rate(self) -> str:
        """The learning rate."""
        return self.notation.rate

    def whole(self, name: str, indices: tuple[Expr, ...] = ()) -> str:
        """Return a tensor's LaTeX, with indices if there are any.

        >>> from symnn.derivation import derive
        >>> from symnn.network import Dense, Network
        >>> Names(derive(Network(inputs=1, layers=[Dense(1)]))).whole("dW1")
        '\\\\frac{\\\\partial L}{\\\\partial W^{(1)}}'
        """
        return self._written(name, tuple(self.letter(i) if isinstance(i, Idx) else "" for i in indices))

    def entry(self, target: Target) -> str:
        """Return an entry's LaTeX."""
        return self.whole(name_of(target), indices_of(target))

    def at(self, name: str, place: tuple[int, ...], shape: tuple[int, ...]) -> str:
        """Return the LaTeX of one entry of a tensor of known shape, counted from 1 where ``place`` counts from 0.

        An axis of samples that holds a single one, and that of a single prediction or target, is left out.

        >>> from symnn.derivation import derive
        >>> from symnn.network import Dense, Network
        >>> names = Names(derive(Network(inputs=2, layers=[Dense(1)])))
        >>> names.at("W1", (0, 1), (1, 2)), names.at("X", (1, 0), (2, 1))
        ('W^{(1)}_{12}', 'X_{2}')
        """
        own = self.tensor_of(name)
        axes = self.shapes.get(own, ())
        lone = own in self._lone
        dropped = [
            axis == 1 or (extent == 1 and (axis == SAMPLES or lone)) for axis, extent in zip(axes, shape, strict=True)
        ]
        numbers = tuple("" if drop else str(number + 1) for drop, number in zip(dropped, place, strict=True))
        return self._written(name, numbers)

    def tensor_of(self, name: str) -> str:
        """Return the tensor that a gradient or a slope belongs to, or the name itself.

        >>> from symnn.derivation import derive
        >>> from symnn.network import Dense, Network
        >>> Names(derive(Network(inputs=2, layers=[Dense(1)]))).tensor_of("dW1")
        'W1'
        """
        for own in (name.removesuffix(SLOPE), name.removeprefix(ADJOINT)):
            if name not in self.tensors and own in self.tensors:
                return own
        return name

    def letter(self, index: Idx) -> str:
        """Return the letter of an index."""
        letter = str(index.label.name)
        return self.notation.letters.get(letter, escape_name(letter))

    def layer(self, name: str) -> str:
        """Return the number of the layer that a tensor belongs to, as the notation counts; nothing if it has none."""
        digits = "".join(char for char in name if char in _DIGITS)
        # Numbers count layers where parameters have them, and else only tell quantities apart.
        are_layers = any(char in _DIGITS for tensor in self.program.parameters for char in name_of(tensor))
        counts = are_layers and 0 < len(digits) <= _MOST_DIGITS
        return str(int(digits) + self.notation.shift.get(_parsed(name)[0], 0)) if counts else ""

    def is_output(self, name: str) -> bool:
        """Tell whether the notation calls the values of a layer without an activation its outputs."""
        return _output(name, self.program, self.notation) != name

    def entry_of(self, name: str) -> str:
        """Return the LaTeX of the general entry of a tensor of the program."""
        target = self._targets.get(name)
        return self.entry(target) if target is not None else self.whole(name)

    @cached_property
    def _targets(self) -> dict[str, Target]:
        found = {
            name_of(entry): entry
            for equation in self.program.equations
            for term in equation.terms
            for entry in occurrences(term.body)
        }
        return {**found, **{equation.name: equation.target for equation in self.program.equations}}

    def _written(self, name: str, letters: tuple[str, ...]) -> str:
        if name.endswith(SLOPE) and name.removesuffix(SLOPE) in self.slopes:
            function, entry = self.slopes[name.removesuffix(SLOPE)]
            return rf"{function}'\bigl({self._written(entry, letters)}\bigr)"
        own = name.removeprefix(ADJOINT)
        if name.startswith(ADJOINT) and own in self.tensors:
            if self.deltas and _parsed(own)[0] == PRE_ACTIVATION:
                return self._indexed(own, letters, self.notation.delta)
            return rf"\frac{{\partial {self.loss}}}{{\partial {self._indexed(own, letters)}}}"
        return self._indexed(name, letters)

    def _indexed(self, name: str, letters: tuple[str, ...], letter: str | None = None) -> str:
        sign = self._signs.get(name) or _sign(name, DEFAULT)
        if letter is not None:
            # A delta is marked as its pre-activation is, whose own letters are no longer wanted.
            sign = _sign(name, self.notation)
            sign = _Sign(letter, letter, sign.mark, sign.digits, sign.stem, sign.whole_below, sign.entry_below)
        above = ""
        if self.notation.samples_above and letters:
            samples = [place for place, axis in enumerate(self.shapes.get(name, ())) if axis == SAMPLES]
            if len(samples) == 1 and letters[samples[0]]:
                above = f"({letters[samples[0]]})"
                letters = tuple("" if place in samples else each for place, each in enumerate(letters))
                parted = sign.mark and not sign.entry_below and not self.notation.closes
                above = "," + above if parted else above
        if name in self.turned:
            letters = letters[::-1]
        shown = [each for each in letters if each]
        between = "," if any(each.isdigit() and len(each) > 1 for each in shown) else ""
        return sign.written(between.join(shown), above, self.notation.comma or between, entry=bool(letters))


def _turned(program: Program, notation: Notation) -> frozenset[str]:
    """Return the weights whose indices stand in the other order than they are stored."""
    if notation.order == STORED:
        return frozenset()
    parameters = {name_of(tensor) for tensor in program.parameters}
    found = set()
    for equation in program.equations:
        for term in equation.terms:
            for entry in occurrences(term.body):
                axes = indices_of(entry)
                comes_from = [place for place, axis in enumerate(axes) if axis in term.over]
                if name_of(entry) in parameters and len(axes) == 2 and len(comes_from) == 1:
                    first = comes_from[0] == 0
                    if first != (notation.order == FROM_TO):
                        found.add(name_of(entry))
    return frozenset(found)


def _prediction(program: Program) -> str | None:
    """Return the one tensor, not a target, that the loss is of."""
    targets = {name_of(tensor) for tensor in program.targets}
    read = [name for name in program.equations[-1].reads if name not in targets]
    return read[0] if len(read) == 1 and targets and program.shapes[read[0]] else None


def _distinct(program: Program, names: tuple[str, ...], notation: Notation) -> dict[str, _Sign]:
    """Return what every tensor is written with, so that no two look alike."""
    predicted = _prediction(program)
    plain = {name: _sign(name, DEFAULT) for name in names}
    signs = {name: _sign(_output(name, program, notation), notation, name == predicted) for name in names}
    while True:
        looks: Counter[str] = Counter()
        for sign in signs.values():
            looks.update(_looks(sign))
        # Nor is a tensor written as another one is called, which stands under that name in the kernel.
        taken = {name: set().union(*(_looks(sign) for other, sign in plain.items() if other != name)) for name in signs}
        met = [
            name for name, sign in signs.items() if any(looks[look] > 1 or look in taken[name] for look in _looks(sign))
        ]
        changed = [name for name in met if signs[name] != plain[name]]
        if not changed:
            return signs
        signs.update({name: plain[name] for name in changed})


def _output(name: str, program: Program, notation: Notation) -> str:
    """Return the name under which a linear layer's values are written where they are its output."""
    stem, number = _parsed(name)
    last = OUTPUT + number
    is_output = notation.linear_outputs and stem == PRE_ACTIVATION and number and last not in program.shapes
    return last if is_output else name


def _looks(sign: _Sign) -> set[str]:
    # The mark of a layer tells tensors apart wherever it stands.
    return {f"{sign.whole} {sign.mark or sign.digits}", f"{sign.entry} {sign.mark or sign.digits}"}


def _sign(name: str, notation: Notation, predicted: bool = False) -> _Sign:
    stem, number = _parsed(name)
    if predicted and notation.prediction is not None:
        entry, whole = notation.prediction
        return _Sign(whole, entry, "", "", stem, False, False)
    if not stem:
        text = rf"\mathrm{{{escape_name(name)}}}"
        return _Sign(text, text, "", "", "", False, False)
    mark, digits = "", ""
    if len(stem) == 2 and stem[0].isupper() and stem[1].islower():
        # Wq, Kt: a letter told apart by another, which goes where layers have their number.
        stem, mark = stem[0], stem[1] + number
        digits = mark
    letter = rf"\{stem}" if stem in _GREEK else stem if len(stem) == 1 else rf"\mathrm{{{escape_name(stem)}}}"
    number = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if number and not mark:
        digits = str(int(number) + notation.shift.get(stem, 0))
        mark = f"{notation.opens}{digits}{notation.closes}"
    return _Sign(
        notation.symbol(stem) or letter,
        notation.symbol(stem, entry=True) or letter,
        mark,
        digits,
        stem,
        notation.is_below(stem, entry=False),
        notation.is_below(stem, entry=True),
    )


def stem_of(name: str) -> str:
    """Return the letters that a name begins with, which a notation gives a symbol to; nothing for another form.

    >>> stem_of("W1"), stem_of("loss of 2")
    ('W', '')
    """
    return _parsed(name)[0]


def _parsed(name: str) -> tuple[str, str]:
    """Return the letters of a name and its number; no letters for a name that has another form."""
    match = _NAME.fullmatch(name)
    return (match.group(1), match.group(2)) if match else ("", "")


def size_latex(name: str) -> str:
    """Return a size's LaTeX.

    >>> size_latex("n2"), size_latex("m"), size_latex("1")
    ('n_{2}', 'm', '1')
    """
    letter = name.rstrip(_DIGITS)
    digits = name[len(letter) :]
    if not letter:
        return digits
    if not (letter.isascii() and letter.isalpha() and len(name) <= LONG_NAME):
        return rf"\mathrm{{{escape_name(name)}}}"
    return f"{letter}_{{{digits}}}" if digits else name
