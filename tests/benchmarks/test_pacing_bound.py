"""What better numbers could be worth at best: the exact optimum of a floor without memory.

With every number as likely to answer as history's best tenth, ten agents could gain over four
points and fifty not one: with many agents it is the agents, not the calls, that are uncertain.
"""

import sys

import pytest

from tests.dialer.pacing import test_exact_optimum as memoryless

pytestmark = pytest.mark.bench


@pytest.mark.parametrize(("agents", "answers_due_max"), [(10, 12), (20, 18), (50, 21)])
def test_the_best_any_policy_gains_from_likelier_answers(
    agents, answers_due_max, capsys, monkeypatch
):
    monkeypatch.setattr(memoryless, "RING_S", 12.0)
    best = {}
    for share in (0.30, 0.57, 0.95):
        monkeypatch.setattr(memoryless, "SHARE", share)
        chain = memoryless.Chain(agents, round(answers_due_max / share))
        best[share] = 100 * memoryless.best_utilisation(chain)
    with capsys.disabled():
        figures = ", ".join(f"{share:.2f}: {value:.2f} %" for share, value in best.items())
        sys.stdout.write(f"\n{agents} agents, best utilisation by answer share: {figures}\n")
    assert best[0.30] < best[0.57] < best[0.95]
