"""What notebooks show of networks, derivations, gradients and verdicts; found through the package's metadata."""

from __future__ import annotations

from symnn.report.fragments import html, latex


def show(thing: object, kind: str) -> str | None:
    """Return an object as *latex*, in dollar signs, or as *html*; None for one that has no form.

    >>> from symnn.network import Dense, Network
    >>> show(Network(inputs=2, layers=[Dense(1)]), "latex").startswith("$\\\\displaystyle"), show(1, "html")
    (True, None)
    """
    if kind == "html":
        return html(thing)
    text = latex(thing)
    return rf"$\displaystyle {text}$" if text is not None else None
