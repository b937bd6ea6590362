"""How wide characters are in a serif face of the usual proportions, in thousandths of the size of the type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# fmt: off
_UPRIGHT = {
    200: "|", 250: ",. ", 278: "/:;\\ijlt", 333: "!'()-I[]`fr", 389: "Js", 408: '"', 444: "?acez", 469: "^",
    480: "{}", 500: "#$*0123456789_bdghknopquvxyℓ", 541: "~", 556: "FPS", 564: "+<=>−×≤≥≈≠±", 611: "ELTZ", 667: "BCR",
    722: "ADGHKNOQUVXYw", 778: "&m", 833: "%", 889: "M", 921: "@", 944: "W", 1000: "←→↦⋯⋮…", 549: "√", 280: "·⋅∘",
}
_SLANTED = {
    250: ",. ", 275: "|", 278: "/\\fijlt", 333: "!'()-:;I`", 389: "[]rszι", 400: "{}", 420: '"', 422: "^",
    444: "Jcekvxyζςεξτ", 500: "#$*0123456789?S_abdghnopquαβγδηθκλμνπρσυχℓ∂", 541: "~", 556: "LTYZ", 611: "ABEFPRVXφψ",
    667: "CKNwω", 675: "+<=>−×≤≥≈≠±", 722: "DGHOQUm", 778: "&", 833: "%MW", 920: "@", 1000: "←→↦⋯⋮…", 280: "·⋅∘",
}
# fmt: on
OTHER = 650
"""The width of a character that is in neither table."""


def _by_character(table: Mapping[int, str]) -> Mapping[str, int]:
    return MappingProxyType({character: width for width, all_of in table.items() for character in all_of})


_WIDTHS = {False: _by_character(_UPRIGHT), True: _by_character(_SLANTED)}


def width_of_text(text: str, size: float, *, slanted: bool = False) -> float:
    """Return about how wide a text is at a size of type.

    >>> width_of_text("10", 8), width_of_text("i", 8, slanted=True)
    (8.0, 2.224)
    """
    widths = _WIDTHS[slanted]
    return sum(widths.get(character, OTHER) for character in text) * size / 1000
