"""What to ask of a page that is open: axe's findings, text that cannot be read, contrast, what sticks out."""

from __future__ import annotations

import importlib.resources
from functools import cache
from typing import Any

GRAVE = {"serious", "critical"}
"""The impacts of axe's findings that no page may have."""

# Contrast in formulas is what `faint` measures: axe calls it undecided, after seconds.
_AXE = """async rules => {
  axe.configure({rules: [{id: 'color-contrast', selector: '*:not(math):not(math *)'}]});
  const found = await axe.run({runOnly: rules.length ? {type: 'rule', values: rules} :
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']});
  return found.violations.map(one => [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 120)]);
}"""

# The functions that the questions below share. Text that only a reader's program meets (titles of pictures, the marks
# of a product or of a function) is no text to look at; nor is the line of a blank, which is drawn as long as need be.
_TEXTS = r"""
const SILENT = 'script, style, template, noscript, svg title, svg desc, svg metadata, annotation, annotation-xml';
const texts = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (/[^\s\u0332\u200b\u2061-\u2064]/.test(node.data) && !node.parentElement.closest(SILENT)) found.push(node);
  }
  return found;
};
const chain = element => element ? [element, ...chain(element.parentElement)] : [];
const named = node => `${node.data.trim().slice(0, 60)} in ${chain(node.parentElement).slice(0, 3).map(
  one => one.tagName.toLowerCase()).reverse().join(' > ')}`;
"""

_UNREADABLE = (
    "() => {"
    + _TEXTS
    + r"""
  document.querySelectorAll('details').forEach(one => { one.open = true; });
  const page = document.documentElement;
  const seen = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(node.parentElement);
    const opacity = chain(node.parentElement).reduce((all, one) => all * getComputedStyle(one).opacity, 1);
    return style.visibility === 'visible' && opacity > 0.3 && parseFloat(style.fontSize) > 0 &&
      [...range.getClientRects()].some(box => box.width > 0 && box.height > 0 &&
        box.right + page.scrollLeft > 0 && box.bottom + page.scrollTop > 0);
  };
  // Left out on purpose: what is for a reader's program, and what a drawing of an earlier moment keeps the place of.
  // On paper there is nothing to press, nor to skip.
  const aside = matchMedia('print').matches ? ', nav, aside, button, dialog, .screen, body > a[href^="#"]' : '';
  const meant = node => node.parentElement.closest('.visually-hidden, svg .later' + aside);
  // A link past the bars shows itself to the keyboard.
  const shows = node => {
    const link = node.parentElement.closest('a[href^="#"]');
    if (!link) return false;
    link.focus({preventScroll: true});
    const shown = seen(node);
    link.blur();
    return shown;
  };
  return texts().filter(node => !meant(node) && !seen(node) && !shows(node)).map(named);
}"""
)

_FAINT = (
    "() => {"
    + _TEXTS
    + r"""
  const channels = colour => {
    const all = colour.match(/[\d.]+/g).map(Number);
    const scale = colour.startsWith('color(') ? 255 : 1;
    return [...all.slice(0, 3).map(one => one * scale), all.length > 3 ? all[3] : 1];
  };
  const over = (top, below) => [0, 1, 2].map(k => top[k] * top[3] + below[k] * (1 - top[3])).concat(1);
  const paper = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  const behind = element => chain(element).reverse().map(
    one => channels(getComputedStyle(one).backgroundColor)).reduce((below, top) => over(top, below), paper);
  const light = colour => [0.2126, 0.7152, 0.0722].reduce((sum, weight, k) => {
    const part = colour[k] / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // What a drawing paints behind its words only the drawing knows; its words are held to the colours of its own test.
  return texts().filter(node => !node.parentElement.closest('svg')).map(node => {
    const element = node.parentElement, style = getComputedStyle(element), below = behind(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    return [contrast(over(channels(style.color), below), below), large ? 3 : 4.5, node];
  }).filter(([found, wanted]) => !(found >= wanted)).map(([found, , node]) => `${found.toFixed(1)}: ${named(node)}`);
}"""
)

_DEAD = """() => [...document.querySelectorAll(
    'button, input, select, textarea, [role=button], [role=slider], [role=tab], [role=switch], [onclick]')]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .map(one => one.outerHTML.slice(0, 120))"""

_EXCESS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@cache
def _axe_source() -> str:
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Any, *rules: str) -> list[str]:
    """Return axe's serious and critical findings under WCAG 2.2, levels A and AA; or under the rules given alone."""
    page.evaluate(_axe_source())
    return [
        f"{rule} ({impact}, {count} times): {html}"
        for impact, rule, count, html in page.evaluate(_AXE, list(rules))
        if impact in GRAVE
    ]


def unreadable(page: Any) -> list[str]:
    """Return the texts of a page that cannot be seen: hidden, without extent, transparent, beside the page.

    What is folded in ``details`` is unfolded first, as everybody can.
    """
    return list(page.evaluate(_UNREADABLE))


def faint(page: Any) -> list[str]:
    """Return the texts outside of drawings, formulas among them, whose contrast is below 4.5 (3 where large)."""
    return list(page.evaluate(_FAINT))


def controls(page: Any) -> list[str]:
    """Return the controls that are shown; without a script there is nothing that they could do."""
    return list(page.evaluate(_DEAD))


def excess(page: Any) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate(_EXCESS))
