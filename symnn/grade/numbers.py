"""Numbers as people type them, read exactly: nothing passes through a float, and nothing is guessed.

Read are decimals with a point or a comma, thousands set apart, fractions such as ``1/3`` and ``½``, powers of ten such
as ``1e-3``, ``2 × 10^-3`` and ``2·10⁻³``, per cent, and the signs that word processors put in place of a hyphen.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from symnn.errors import InputError

LONGEST = 200
"""How many characters a number may have."""

MOST_POWER = 999
"""The powers of ten go from minus this to this."""

POINT, COMMA = ".", ","
"""The decimal marks."""


class UnreadableError(InputError):
    """A text where a number belongs is no number, or could be two; the message says which."""


_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t"), " "
)
_MINUS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
_TWINS = {
    ord(a): b for a, b in zip("\uff0b\uff0e\uff0c\u2044\u2215\uff0f\u2019\u02bc\uff05\u2217", "+.,///''%*", strict=True)
}
_SAME = {**_SPACES, **_MINUS, **_TWINS}
_RAISED = {ord(a): b for a, b in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True)}
_RAISED_RUN = re.compile("(?<=10)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")

_WHOLE = re.compile(
    r"(?P<sign>[+-]?) *(?P<mantissa>[0-9.,' ]*?) *"
    r"(?:[eE](?P<e>[+-]?[0-9]+)|"
    r"(?P<times>[xX×*·⋅])? *10 *(?:\^|\*\*) *(?P<open>[({]?) *(?P<p>[+-]?[0-9]+) *(?P<close>[)}]?))?"
    r" *(?P<percent>%?)"
)
_SPACED = re.compile(r"([0-9]{1,3})((?:[ '][0-9]{3})+)(?=[.,]|$)")
_PLAIN = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_EITHER = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_IN_THREES = r"[0-9]{{1,3}}(?:{0}[0-9]{{3}})+"


def tidy(text: str) -> str:
    """Return a text with the look-alikes of spaces, signs and digits as the plain ones, without spaces around it.

    >>> tidy(" −1\u202f000,5 ")
    '-1 000,5'
    """
    plain = _RAISED_RUN.sub(lambda run: "^" + run[0].translate(_RAISED), text).translate(_SAME)
    if not plain.isascii():
        digits = (str(unicodedata.decimal(one, one)) for one in plain)
        plain = "".join(digits)
    return plain.strip(" \r\n")


def number(text: str, mark: str | None = None) -> Fraction:
    """Return the number that a text is; raise `UnreadableError` for one that is none, or that could be two.

    ``mark`` is the decimal mark that the writer is known to use; it decides what ``1,234`` is.

    >>> [str(number(one)) for one in ("−0,5", "1/3", "2·10⁻³", "1.234,5", "12.5 %", "1e3")]
    ['-1/2', '1/3', '1/500', '2469/2', '1/8', '1000']
    """
    if len(text) > LONGEST:
        raise UnreadableError(f"a number of {len(text)} characters: {LONGEST} are allowed")
    plain = tidy(text)
    if plain.count("/") == 1:
        # Nobody knows what 1/3 % and 1/3 × 10^2 are meant to be.
        if "%" in plain or "10^" in plain.replace(" ", "").replace("**", "^"):
            raise UnreadableError("a fraction with something behind it: write one number, or one fraction")
        over, under = (_simple(part.strip(" "), mark) for part in plain.split("/"))
        if not under:
            raise UnreadableError("a fraction with nothing below the line but zero")
        return over / under
    return _simple(plain, mark)


def mark_of(text: str) -> str | None:
    """Return the decimal mark that a number certainly uses, None where it uses none or could use either.

    >>> mark_of("0,5"), mark_of("1,000.5"), mark_of("1,234"), mark_of("12")
    (',', '.', None, None)
    """
    digits = tidy(text).lstrip("+-").rstrip(" %")
    points, commas = digits.count(POINT), digits.count(COMMA)
    if len(digits) > LONGEST or not (points or commas) or _EITHER.fullmatch(digits):
        return None
    try:
        number(digits)
    except UnreadableError:
        return None
    if points and commas:
        return max(POINT, COMMA, key=digits.rfind)
    if points:
        return POINT if points == 1 else COMMA
    return COMMA if commas == 1 else POINT


def _simple(plain: str, mark: str | None) -> Fraction:
    """Return a number that is no fraction of two others."""
    found = _WHOLE.fullmatch(plain)
    if found is None:
        return _in_one_character(plain)
    mantissa, power = found["mantissa"].strip(" "), found["e"] or found["p"]
    brackets = (found["open"] or "") + (found["close"] or "")
    # A power of ten may stand alone, and needs a sign of multiplication behind another number.
    if not mantissa and (found["p"] is None or found["times"]):
        raise UnreadableError("no number")
    if (mantissa and found["p"] and not found["times"]) or brackets not in {"", "()", "{}"}:
        raise UnreadableError("no number")
    result = Fraction(_decimal(mantissa, mark)) if mantissa else Fraction(1)
    if power:
        result *= Fraction(10) ** _power(power)
    if found["percent"]:
        result /= 100
    return -result if found["sign"] == "-" else result


def _power(text: str) -> int:
    # The digits are counted before they become a number.
    if len(text.lstrip("+-").lstrip("0")) > len(str(MOST_POWER)):
        raise UnreadableError(f"too large or too small: powers of ten go from -{MOST_POWER} to {MOST_POWER}")
    return int(text)


def _decimal(text: str, mark: str | None) -> str:
    """Return digits with what sets thousands apart taken out, and a point for the decimal mark."""
    if " " in text or "'" in text:
        spaced = _SPACED.match(text)
        if spaced is None:
            raise UnreadableError("no number: digits with gaps between them that set no thousands apart")
        text = re.sub("[ ']", "", spaced[0]) + text[spaced.end() :]
    points, commas = text.count(POINT), text.count(COMMA)
    if points and commas:
        last = max(POINT, COMMA, key=text.rfind)
        whole, _, part = text.rpartition(last)
        text = f"{_joined(whole, COMMA if last == POINT else POINT)}.{part}"
    elif points > 1:
        text = _joined(text, POINT)
    elif commas > 1:
        text = _joined(text, COMMA)
    elif commas:
        if _EITHER.fullmatch(text):
            if mark is None:
                way = text.replace(COMMA, ""), text.replace(COMMA, POINT)
                raise UnreadableError(f"{text} may be {way[0]} or {way[1]}: write one of the two")
            text = text.replace(COMMA, POINT if mark == COMMA else "")
        else:
            text = text.replace(COMMA, POINT)
    if _PLAIN.fullmatch(text) is None:
        raise UnreadableError("no number")
    return text


def _joined(text: str, apart: str) -> str:
    if re.fullmatch(_IN_THREES.format(re.escape(apart)), text) is None:
        raise UnreadableError("no number: the thousands are not set apart in threes")
    return text.replace(apart, "")


def _in_one_character(plain: str) -> Fraction:
    """Return a fraction such as ½, with or without a sign."""
    sign, one = (plain[0], plain[1:].strip(" ")) if plain[:1] in {"+", "-"} else ("+", plain)
    over, line, under = unicodedata.normalize("NFKC", one).partition("\u2044") if len(one) == 1 else ("", "", "")
    if not (line and over.isdecimal() and under.isdecimal() and int(under)):
        raise UnreadableError("no number")
    result = Fraction(int(over), int(under))
    return -result if sign == "-" else result
