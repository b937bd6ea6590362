"""The script of a page: steps by keys and buttons, the drawing that follows, where a quantity comes from and goes."""

from __future__ import annotations

import re

import pytest

from symnn.derivation import told_equations
from symnn.library import check, load
from symnn.notation import name_of
from symnn.report import report
from tests.pages.browser import NARROW
from tests.pages.looking import axe, excess, unreadable

pytestmark = pytest.mark.chromium

NAMES = ("or-gate", "two-three-one", "attention-head")
PHONE = 320
VALUES = ".story .forward[data-after], .story .backward[data-after]"


@pytest.fixture(scope="module")
def html():
    """Return a function from a derivation's name and an audience to its page."""
    made = {}

    def of(name, audience="solution"):
        if (name, audience) not in made:
            made[name, audience] = report(load(name), check(load(name)), audience=audience)["html"]
        return made[name, audience]

    return of


@pytest.fixture
def opened(html, page_of):
    return lambda name, audience="solution", **options: page_of(html(name, audience), **options)


def sections(page):
    return page.eval_on_selector_all(".step[data-quantity]", "all => all.map(one => one.dataset.quantity)")


def shown(page):
    """Return the keys of the steps that can be seen."""
    return page.eval_on_selector_all(
        ".step[data-quantity]", "all => all.filter(one => one.checkVisibility()).map(one => one.dataset.quantity)"
    )


def known(page):
    """Return the quantities whose values or gradients the interactive drawing shows."""
    return set(
        page.eval_on_selector_all(
            VALUES,
            "all => all.filter(one => one.checkVisibility({visibilityProperty: true})).map(o => o.dataset.quantity)",
        )
    )


def marked(page, kind):
    """Return the quantities whose texts stand in a frame of a kind, by where they stand."""
    return set(
        page.evaluate(
            """kind => {
              const frames = [...document.querySelectorAll(`.story rect.mark.${kind}`)]
                .map(one => one.getBoundingClientRect());
              const within = box => frames.some(one => one.left <= box.left + 1 && one.right >= box.right - 1
                && one.top <= box.top + 1 && one.bottom >= box.bottom - 1);
              return [...document.querySelectorAll('.story [data-after]')].filter(one =>
                one.checkVisibility({visibilityProperty: true}) && within(one.getBoundingClientRect()))
                .map(one => one.dataset.quantity);
            }""",
            kind,
        )
    )


def status(page):
    return page.locator("[role=status]").inner_text()


def panel(page):
    """Return what the panel says: the keys it comes from and goes into; None if it is closed."""
    if not page.locator(".panel dl").count():
        return None
    keys = "all => all.map(one => one.getAttribute('href').slice(7))"
    return tuple(page.eval_on_selector_all(f".panel [data-slot={side}] a", keys) for side in ("from", "to"))


def read_and_readers(name):
    """Return, from the equations themselves, what each quantity is computed from and what is computed from it."""
    derivation = load(name).derivation
    program = derivation.program
    equations = (*program.equations, *told_equations(derivation))
    given = map(name_of, (*program.inputs, *program.targets, *program.parameters))
    order = [*given, *(one.name for one in equations)]
    reads = {one.name: [other for other in order if other in one.reads] for one in equations}
    return {key: (reads.get(key, []), [one.name for one in equations if key in one.reads]) for key in order}


# Steps


@pytest.mark.parametrize("name", NAMES)
def test_keys_lead_through_every_step_in_order_and_the_drawing_follows(name, opened):
    page = opened(name)
    keys = sections(page)
    stages = page.eval_on_selector_all(".step[data-quantity]", "all => all.map(one => Number(one.dataset.stage))")
    after = dict(
        page.eval_on_selector_all(
            VALUES,
            "all => all.map(one => [one.dataset.quantity, Number(one.dataset.after)])",
        )
    )
    given = known(page)
    page.get_by_role("button", name="Step through").click()
    for place, (key, stage) in enumerate(zip(keys, stages, strict=True), start=1):
        assert shown(page) == [key]
        assert status(page).startswith(f"Step {place} of {len(keys)}: ")
        assert page.evaluate("location.hash") == f"#step-{key}"
        assert known(page) == {quantity for quantity, when in after.items() if when <= stage}
        assert (key in marked(page, "now")) is (key in after)
        assert marked(page, "source") >= {one for one in read_and_readers(name)[key][0] if after.get(one, 99) <= stage}
        page.keyboard.press("ArrowRight")
    assert shown(page) == [keys[-1]], "behind the last step there is none"
    page.keyboard.press("Home")
    assert shown(page) == [keys[0]]
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == [keys[-2]]
    page.keyboard.press("Escape")
    assert shown(page) == keys
    assert known(page) == given
    assert marked(page, "now") == set()
    assert page.evaluate("location.hash") == ""


def test_buttons_lead_on_and_back_and_keep_the_focus(opened):
    page = opened("or-gate")
    keys = sections(page)
    page.get_by_role("button", name="Step through").click()
    assert page.evaluate("document.activeElement.dataset.quantity") == keys[0]
    following, back = page.get_by_role("button", name="Next"), page.get_by_role("button", name="Back")
    assert back.get_attribute("aria-disabled") == "true"
    for key in keys[1:]:
        following.click()
        assert shown(page) == [key]
        assert following.evaluate("one => one === document.activeElement")
    assert following.get_attribute("aria-disabled") == "true"
    following.click(force=True)
    assert shown(page) == [keys[-1]]
    back.click()
    assert shown(page) == [keys[-2]]
    page.get_by_role("button", name="Whole text").click()
    assert shown(page) == keys
    assert page.evaluate("document.activeElement.dataset.quantity") == keys[-2]


def test_an_address_leads_to_its_step_and_one_of_a_row_back_to_the_text(opened):
    page = opened("two-three-one")
    page.evaluate("location.hash = '#step-dW1'")
    page.locator("[role=status]").wait_for()
    assert shown(page) == ["dW1"]
    page.reload()
    assert shown(page) == ["dW1"]
    assert page.locator("#step-dW1").bounding_box()["y"] < 900, "the step is in view"
    page.evaluate("location.hash = '#about-dW1'")
    page.locator("[role=status]").wait_for(state="detached")
    assert len(shown(page)) > 5


def test_a_key_with_another_does_nothing_and_a_part_that_scrolls_keeps_its_arrows(opened):
    page = opened("two-three-one", width=PHONE)
    page.get_by_role("button", name="Step through").click()
    first = shown(page)
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    page.locator(".story [data-wide]").focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == first


def test_the_paths_of_a_sum_are_shown_in_the_drawing_that_follows(opened):
    page = opened("attention-head")
    routes = page.eval_on_selector_all("#step-dX .edge.path", "all => all.map(one => one.getAttribute('d'))")
    page.evaluate("location.hash = '#step-dX'")
    page.locator("[role=status]").wait_for()
    assert len(routes) > 5
    assert sorted(
        page.eval_on_selector_all(".story .edge.route", "all => all.map(one => one.getAttribute('d'))")
    ) == sorted(routes)


def test_slides_begin_with_the_problem_and_show_one_thing_at_a_time(opened):
    page = opened("two-three-one", "slides")
    assert "The problem" in status(page)
    assert shown(page) == []
    seen = []
    for _ in range(40):
        page.keyboard.press("PageDown")
        seen += shown(page)
    assert list(dict.fromkeys(seen)) == sections(page)


# Where a quantity comes from and where it goes


@pytest.mark.parametrize("name", NAMES)
def test_every_row_that_is_pointed_at_says_what_the_equations_say(name, opened):
    page = opened(name)
    for key, (sources, goals) in read_and_readers(name).items():
        link = page.locator(f"main a[href='#about-{key}']").first
        if link.count():
            link.focus()
            page.keyboard.press("Enter")
            assert panel(page) == (sources, goals), key
            page.keyboard.press("Escape")
            assert panel(page) is None
            assert link.evaluate("one => one === document.activeElement"), "the focus goes back"


def test_hover_focus_and_a_touch_show_the_panel_and_mark_the_drawing(opened):
    page = opened("two-three-one")
    node = page.locator(".story a[data-quantity=A1]").first
    page.get_by_role("button", name="Step through").click()
    page.keyboard.press("End")
    wanted = read_and_readers("two-three-one")["A1"]
    for act in (node.hover, node.focus, node.click):
        if act == node.focus:
            page.keyboard.press("Tab")  # so that the focus is one of keys
        act()
        assert panel(page) == tuple(map(list, wanted))
        assert "A1" in marked(page, "now")
        assert "Z1" in marked(page, "source")
        assert "Z2" in marked(page, "goal")
        page.keyboard.press("Escape")
        page.mouse.move(1, 1)
        assert panel(page) is None
        assert marked(page, "goal") == set()
    assert len(shown(page)) == 1, "the first Escape closes the panel alone"


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_comes_to_lie_under_a_resting_pointer_is_not_marked_until_that_moves(name, opened):
    page = opened(name)
    start = page.get_by_role("button", name="Step through")
    start.press("Enter")
    value = page.locator(".story a[data-quantity=X]").first
    box = value.bounding_box()
    x, y = round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)
    page.keyboard.press("Escape")
    page.evaluate("document.addEventListener('pointermove', event => { window.moved = event; })")
    page.mouse.move(x, y)
    if panel(page):
        page.keyboard.press("Escape")
    start.press("Enter")
    page.locator(".story a[data-quantity=X]:hover").first.wait_for()
    step = marked(page, "now")
    assert panel(page) is None
    assert "X" not in step
    # As browsers do that say of a pointer that it moved when the page did.
    page.evaluate("""() => {
      const {screenX, screenY} = moved, event = new PointerEvent("pointermove", {screenX, screenY, bubbles: true});
      document.querySelector(".story a[data-quantity=X]:hover").dispatchEvent(event);
    }""")
    assert panel(page) is None
    assert marked(page, "now") == step
    page.mouse.move(x + 1, y)
    assert panel(page) is not None
    assert "X" in marked(page, "now")


def test_what_comes_and_what_goes_differ_without_colour(opened):
    page = opened("two-three-one")
    page.locator(".story a[data-quantity=Z1]").first.focus()
    page.keyboard.press("Tab")
    dashes = {
        kind: page.locator(f".story .mark.{kind}").first.evaluate("one => getComputedStyle(one).strokeDasharray")
        for kind in ("source", "goal", "now")
    }
    assert dashes["source"] == "none"
    assert dashes["goal"] != "none"
    widths = [
        page.locator(f".story .mark.{kind}").first.evaluate("one => parseFloat(getComputedStyle(one).strokeWidth)")
        for kind in ("now", "source")
    ]
    assert widths[0] > widths[1]


def test_a_gradient_is_pointed_at_by_itself_and_a_weight_in_its_label(opened):
    page = opened("two-three-one")
    page.evaluate("location.hash = '#step-dX'")
    page.locator("[role=status]").wait_for()
    wanted = read_and_readers("two-three-one")
    page.locator(".story g.backward[data-quantity=dZ1]").first.hover()
    assert panel(page) == tuple(map(list, wanted["dZ1"]))
    page.locator(".story .label[data-quantity=W1] .forward").first.hover()
    assert panel(page) == tuple(map(list, wanted["W1"]))


def test_a_hovered_panel_stays_and_one_that_is_left_goes(opened):
    page = opened("or-gate")
    page.locator(".story a[data-quantity=Z1]").first.hover()
    page.locator(".panel dl").hover()
    page.wait_for_timeout(500)
    assert panel(page) is not None
    page.mouse.move(2, 2)
    page.locator(".panel dl").wait_for(state="detached")


def test_the_panel_never_covers_what_it_is_about_and_leads_on(opened):
    page = opened("two-three-one", width=NARROW)
    for place in range(page.locator("main a[href^='#about-']").count()):
        link = page.locator("main a[href^='#about-']").nth(place)
        link.scroll_into_view_if_needed()
        link.evaluate("one => one.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
        one, other = link.bounding_box(), page.locator(".panel").bounding_box()
        assert one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1, place
        page.keyboard.press("Escape")
    page.locator("main a[href='#about-Z1']").first.click()
    page.locator(".panel [data-slot=to] a").first.click()
    assert panel(page) == tuple(map(list, read_and_readers("two-three-one")["A1"]))
    page.get_by_role("link", name="Show its step").click()
    page.locator("[role=status]").wait_for()
    assert shown(page) == ["A1"]
    assert panel(page) is None


def test_a_value_that_is_not_known_yet_is_not_told(opened):
    page = opened("two-three-one")
    page.get_by_role("button", name="Step through").click()
    page.locator(".story a[data-quantity=A2]").first.click()
    assert page.locator(".panel [data-slot=value]").inner_text() == ""
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    page.locator(".story a[data-quantity=A2]").first.click()
    assert re.search(r"\d", page.locator(".panel [data-slot=value]").inner_text())


def test_a_touch_opens_the_panel_and_another_beside_it_closes_it(browser, html, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(html("or-gate"), encoding="utf-8")
    context = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": NARROW, "height": 700}, offline=True
    )
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        page.locator(".story a[data-quantity=X]").first.tap()
        assert panel(page) == tuple(map(list, read_and_readers("or-gate")["X"]))
        page.touchscreen.tap(2, 350)
        assert panel(page) is None
    finally:
        context.close()


# Everybody, everywhere


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, NARROW, PHONE])
def test_nobody_is_kept_out_while_stepping_and_nothing_sticks_out(width, scheme, opened):
    page = opened("two-three-one", scheme=scheme, width=width)
    page.get_by_role("button", name="Step through").click()
    page.keyboard.press("End")
    assert axe(page) == []
    assert excess(page) <= 0
    page.locator(".story a").first.click()
    assert panel(page) is not None
    assert axe(page) == []
    assert excess(page) <= 0


@pytest.mark.parametrize("audience", ["solution", "student", "instructor", "slides"])
def test_without_script_every_audience_reads_everything(audience, opened):
    page = opened("or-gate", audience, script=False, width=PHONE)
    assert unreadable(page) == []
    assert excess(page) <= 0
    assert page.locator("button").count() == 0


def test_what_waits_for_its_step_stands_in_another_drawing_too(opened):
    page = opened("two-three-one", script=False)
    read = "all => all.map(one => one.textContent)"
    later = page.eval_on_selector_all(".story .later", read)
    assert len(later) > 10
    assert set(later) <= set(page.eval_on_selector_all("figure.network:not(.story) svg g", read))


def test_paper_has_all_steps_and_no_controls_even_while_stepping(opened):
    page = opened("or-gate")
    page.get_by_role("button", name="Step through").click()
    page.keyboard.press("End")
    page.locator(".story a").first.click()
    page.emulate_media(media="print")
    assert shown(page) == sections(page)
    assert unreadable(page) == []
    assert page.locator("button:visible, .bar:visible, .panel:visible, .legend:visible").count() == 0
    frames = page.locator(".story .mark")
    assert [one for one in frames.all() if one.evaluate("one => getComputedStyle(one).stroke") != "none"] == []


def test_the_policy_of_a_page_stops_every_other_script(html, browser, tmp_path):
    file = tmp_path / "page.html"
    planted = "<p onclick=\"document.title='x'\" id='planted'>x</p><script>document.title = 'x'</script></body>"
    file.write_text(html("or-gate").replace("</body>", planted), encoding="utf-8")
    page = browser.new_page()
    try:
        page.goto(file.as_uri())
        page.locator("#planted").click()
        assert page.title() == load("or-gate").title
    finally:
        page.close()


# Must-fail: pages that the tests above would have to refuse.


def test_a_page_without_its_script_has_no_steps(html, page_of):
    page = page_of(re.sub(r"<script>.*?</script>", "", html("or-gate"), flags=re.DOTALL))
    assert page.get_by_role("button").count() == 0


def test_a_drawing_that_does_not_follow_is_seen(html, page_of):
    page = page_of(html("or-gate").replace(".drawing .later.known", ".drawing .never"))
    given = known(page)
    page.get_by_role("button", name="Step through").click()
    page.keyboard.press("End")
    assert known(page) == given


def test_a_row_that_says_something_else_is_seen(html, page_of):
    row = re.search(r'<tr id="about-Z1">.*?</tr>', html("or-gate"))[0]
    page = page_of(html("or-gate").replace(row, row.replace("about-W1", "about-L")))
    page.locator(".story a[data-quantity=Z1]").first.click()
    assert panel(page) != tuple(map(list, read_and_readers("or-gate")["Z1"]))
