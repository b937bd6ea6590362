"""The letters of the field, fixed once, and the only place where symbols are made.

Two SymPy symbols of one name with different assumptions are different symbols, and then nothing
cancels; so every size, index and tensor of symnn comes from here.

==========  ==================================================================
letter      meaning
==========  ==================================================================
``m``       number of samples in the batch
``n0``      width of the input; ``n1``, ``n2``, … widths of the layers
``i``       index of a sample
``j``       index of a unit of the layer at hand
``k``       index of a unit of the layer below, usually summed over
``X Y``     inputs and targets (one-hot for classes)
``W b``     weights and biases of a layer
``P N``     product with the weights; normalised value
``Z A``     pre-activation and activation (the last ``A`` is the prediction)
``L``       the loss
``dT``      the gradient of the loss with respect to ``T``: the adjoint of ``T``
==========  ==================================================================
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

import sympy
from sympy import Idx, Indexed, IndexedBase, Symbol

from symnn.errors import InputError

Expr: TypeAlias = sympy.Expr
Size: TypeAlias = Symbol | sympy.Integer
Target: TypeAlias = Indexed | Symbol
Tensor: TypeAlias = IndexedBase | Symbol

ADJOINT = "d"
SLOPE = "_slope"
SPARE_LETTERS = "klpqrstuvwijabcdefgh"


def _checked(name: str) -> str:
    """Return a name that can stand in a printed kernel; raise `InputError` for any other."""
    # Python reads a name in its normal form, under which nothing would be found.
    normal = unicodedata.normalize("NFKC", name) == name
    if not name.isidentifier() or keyword.iskeyword(name) or not normal:
        raise InputError(
            f"{name!r} cannot name a size, an index or a tensor: it is printed, so it must be a name in Python"
        )
    return name


@cache
def size(name: str) -> Symbol:
    """Return the symbol of a size, a positive integer; raise `InputError` for what is no name in Python.

    >>> size("m").is_positive, size("m") is size("m")
    (True, True)
    """
    return Symbol(_checked(name), integer=True, positive=True)


@cache
def index(letter: str, extent: Size) -> Idx:
    """Return the index ``letter`` that runs over ``extent`` values; raise `InputError` for what is no name in Python.

    >>> index("i", SAMPLES).upper
    m - 1
    """
    return Idx(Symbol(_checked(letter), integer=True), extent)


@cache
def tensor(name: str, *shape: Size | int) -> IndexedBase:
    """Return the tensor ``name`` of the given shape; index it as ``tensor(...)[i, j]``.

    An axis of length 1 is indexed with the constant 0, as in ``b1[j, 0]``.

    >>> j = index("j", width(1))
    >>> tensor("b1", width(1), 1)[j, 0]
    b1[j, 0]
    """
    axes = tuple(sympy.Integer(s) if isinstance(s, int) else s for s in shape)
    return IndexedBase(Symbol(_checked(name), real=True), shape=axes, real=True)


@cache
def scalar(name: str) -> Symbol:
    """Return the symbol of a quantity without axes, such as the loss.

    >>> scalar("L").is_real
    True
    """
    return Symbol(_checked(name), real=True)


def width(layer: int) -> Symbol:
    """Return the width of a layer; layer 0 is the input.

    >>> width(2)
    n2
    """
    return size(f"n{layer}")


SAMPLES = size("m")
LOSS = scalar("L")


def name_of(tensor_like: Tensor | Target) -> str:
    """Return the name of a tensor, of one of its entries, or of a scalar.

    >>> name_of(tensor("W1", width(1), width(0)))
    'W1'
    """
    if isinstance(tensor_like, Indexed):
        return str(tensor_like.base.label.name)
    if isinstance(tensor_like, IndexedBase):
        return str(tensor_like.label.name)
    return str(tensor_like.name)


def indices_of(target: Target) -> tuple[Expr, ...]:
    """Return what stands in the brackets of an entry; nothing for a scalar.

    >>> indices_of(LOSS)
    ()
    """
    return tuple(target.indices) if isinstance(target, Indexed) else ()


def shape_of(target: Target) -> tuple[Size, ...]:
    """Return the symbolic shape of the tensor an entry belongs to.

    >>> shape_of(tensor("W1", width(1), width(0))[index("j", width(1)), index("k", width(0))])
    (n1, n0)
    """
    return tuple(target.base.shape) if isinstance(target, Indexed) else ()


def adjoint_name(name: str) -> str:
    """Return the name of the gradient of the loss with respect to the tensor ``name``.

    >>> adjoint_name("W1")
    'dW1'
    """
    return ADJOINT + name


@cache
def adjoint(target: Target) -> Target:
    """Return the matching entry of the gradient with respect to the tensor that ``target`` belongs to.

    >>> adjoint(LOSS)
    dL
    """
    if isinstance(target, Indexed):
        return tensor(adjoint_name(name_of(target)), *shape_of(target))[target.indices]
    return scalar(adjoint_name(target.name))


@cache
def slope(target: Target) -> Target:
    """Return the matching entry of the tensor of slopes of the activation that puts out ``target``.

    >>> slope(LOSS)
    L_slope
    """
    if isinstance(target, Indexed):
        return tensor(name_of(target) + SLOPE, *shape_of(target))[target.indices]
    return scalar(target.name + SLOPE)


def fresh(taken: Iterable[str]) -> str:
    """Return the first index letter that is not taken.

    >>> fresh({"i", "j"}), fresh({"i", "j", "k"})
    ('k', 'l')
    """
    used = set(taken)
    letters = (letter + prime for prime in ("", "'", "''") for letter in SPARE_LETTERS)
    return next(letter for letter in letters if letter not in used)
