"""1000 variants of the 2-3-2 problem, each with its sheet, its key and its key as JSON, take a minute of one core.

What counts is the time of this process on the processor, since other jobs may share the machine. Reading the problem
file and setting it up are part of it; the stress test, which ``symnn exam`` makes as well, is measured beside it.
"""

from __future__ import annotations

import time

from symnn.exam.collecting import rarely_collected
from symnn.exam.key import key
from symnn.exam.key_json import key_json
from symnn.exam.reading import read_problem_set
from symnn.exam.sheets import sheet
from symnn.exam.stress import Stressing
from symnn.exam.variants import Maker, variants
from symnn.exam.wording import checked

COUNT, SECONDS = 1000, 60.0
EVERY = 20
"""The stress test is made of every so many variants."""

QUIZ = """
title = "Two linear layers"
[[problems]]
derivation = "two-three-two"
[problems.bounds]
least = -3
most = 3
""" + "".join(
    f'[[problems.asks]]\nquantity = "{one}"\n'
    for one in ("Z1", "Z2", "L", "dZ2", "dW2", "db2", "dZ1", "dW1", "db1", "W1_new", "W2_new", "L_new")
)


def test_a_thousand_sheets_and_keys_take_a_minute_of_one_core(tmp_path, capsys):
    """Twelve questions a variant, one core."""
    path = tmp_path / "quiz.toml"
    path.write_text(QUIZ, encoding="utf-8")
    spent = dict.fromkeys(("setting up", "variants", "sheets", "keys", "JSON", "stress"), 0.0)
    now = time.process_time()

    def note(what):
        nonlocal now
        before, now = now, time.process_time()
        spent[what] += now - before

    problem_set = read_problem_set(path)
    wordings = checked(problem_set)
    makers = [Maker(problem) for problem in problem_set.problems]
    stressing = Stressing({maker.bench.problem.id: maker.bench for maker in makers})
    note("setting up")
    written = 0
    # As symnn exam does.
    with rarely_collected():
        for variant in variants(problem_set, COUNT, seed=7, makers=makers):
            note("variants")
            written += len(sheet(wordings, variant, "latex"))
            note("sheets")
            written += len(key(wordings, variant, "latex"))
            note("keys")
            written += len(key_json(wordings, variant))
            note("JSON")
            if variant.number % EVERY == 0:
                stressing.add(variant)
                note("stress")
    assert stressing.tally.result().holds
    stress = spent.pop("stress") * EVERY
    rows = [f"{what:12} {seconds:6.1f} s" for what, seconds in spent.items()]
    rows.append(f"{'in all':12} {sum(spent.values()):6.1f} s for {COUNT} variants, {written / 1e6:.0f} MB of text")
    rows.append(f"{'stress test':12} {stress:6.1f} s more, measured on every {EVERY}th variant")
    with capsys.disabled():
        print("\n" + "\n".join(rows))
    assert sum(spent.values()) < SECONDS
