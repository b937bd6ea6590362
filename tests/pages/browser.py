"""Headless Chromium, and pages opened in it under watch: what they print, raise or ask for is held against them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.needs import browser_program, require

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""No request of the browser's own, and no sandbox, which a container's root cannot have."""
SCHEMES = ("light", "dark")
WIDE, NARROW, HEIGHT = 900, 360, 900
"""Widths of a window in pixels, half a laptop's and a phone's, and the height of both."""


@dataclass
class Visit:
    """A page that is open, and what it did that a page of ours must not do."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Write down every message, error and request from now on."""
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"raised: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", lambda socket: self.complaints.append(f"asked for {socket.url}"))
        self.page.on("crash", lambda _: self.complaints.append("crashed"))

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning", "assert"}:
            self.complaints.append(f"console: {kind}: {text}")

    def _asked(self, address: str) -> None:
        if address != self.address and not address.startswith("data:"):
            self.complaints.append(f"asked for {address}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of a module.

    It is not kept for the whole session: while it runs, its event loop keeps every other test from having one.
    """
    require("chromium")
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_program(), args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def visited(
    browser: Any,
    file: Path,
    *,
    scheme: str = "light",
    media: str = "screen",
    script: bool = True,
    width: int = WIDE,
) -> Iterator[Visit]:
    """Open a file, without a network, and yield the visit; its complaints are for the caller to read."""
    context = browser.new_context(
        color_scheme=scheme,
        java_script_enabled=script,
        offline=True,
        reduced_motion="reduce",
        service_workers="block",
        viewport={"width": width, "height": HEIGHT},
    )
    visit = Visit(context.new_page(), file.resolve().as_uri())
    visit.page.emulate_media(media=media)
    visit.watch()
    try:
        visit.page.goto(visit.address, wait_until="load")
        if script:
            # A frame and a task later, so that what the page puts off is seen too. Without script neither comes.
            visit.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        yield visit
    finally:
        context.close()


def show(page: Any, *, scheme: str = "light", media: str = "screen", width: int = WIDE) -> None:
    """Look at a page that is open in another way."""
    page.emulate_media(color_scheme=scheme, media=media)
    page.set_viewport_size({"width": width, "height": HEIGHT})


@pytest.fixture
def page_of(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Return a function that opens HTML, as text or as a file, and returns Playwright's page.

    Options are those of `visited`. The test fails if a page prints a warning or an error, raises, or asks for anything
    beside itself, from opening it to the end of the test.
    """
    visits: list[Visit] = []
    with ExitStack() as stack:

        def opened(source: str | Path, **options: Any) -> Any:
            file = source if isinstance(source, Path) else tmp_path / f"page-{len(visits)}.html"
            if isinstance(source, str):
                file.write_text(source, encoding="utf-8", newline="\n")
            visits.append(stack.enter_context(visited(browser, file, **options)))
            return visits[-1].page

        yield opened
    if complaints := [complaint for visit in visits for complaint in visit.complaints]:
        pytest.fail("\n".join(complaints), pytrace=False)
