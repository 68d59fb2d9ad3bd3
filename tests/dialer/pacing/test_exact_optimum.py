"""The threshold rule against the best of all policies, on a floor without memory.

Service and ring times are exponential and nobody waits, so (busy agents, calls on the way) is a
Markov chain and the best policy under "at most 3 % abandoned" is a linear programme over its
occupation measure: the dual of the dynamic programme, solved at once for the constraint. The rule
prices one more call exactly as `dialer.pacing.loss` does on a real floor.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from dialer.pacing.loss import ExactLaw

SERVICE_S, RING_S, SHARE, TARGET = 150.0, 15.0, 0.30, 0.03


@dataclass
class Chain:
    """A floor without memory: states (busy, ringing) as row numbers."""

    agents: int
    ringing_max: int

    def index(self, busy, ringing):
        return busy * (self.ringing_max + 1) + ringing

    def states(self):
        return [(b, r) for b in range(self.agents + 1) for r in range(self.ringing_max + 1)]

    def moves(self, busy, ringing):
        """Yield (rate, busy, ringing) of each event that is not a dial."""
        if busy:
            yield busy / SERVICE_S, busy - 1, ringing
        if ringing:
            yield ringing * SHARE / RING_S, min(self.agents, busy + 1), ringing - 1
            yield ringing * (1 - SHARE) / RING_S, busy, ringing - 1

    def figures(self):
        """Per state: busy share, answers per second, abandons per second."""
        busy = np.array([b / self.agents for b, _ in self.states()])
        answers = np.array([r * SHARE / RING_S for _, r in self.states()])
        abandons = np.array(
            [r * SHARE / RING_S if b == self.agents else 0.0 for b, r in self.states()]
        )
        return busy, answers, abandons


def best_utilisation(chain):
    """Solve for the best policy: time in each state and dials from each state are the unknowns."""
    states, count = chain.states(), len(chain.states())
    rows, columns, values = [], [], []

    def flow(source, target, column, rate):
        rows.extend((source, target))
        columns.extend((column, column))
        values.extend((-rate, rate))

    for busy, ringing in states:
        here = chain.index(busy, ringing)
        for rate, to_busy, to_ringing in chain.moves(busy, ringing):
            flow(here, chain.index(to_busy, to_ringing), here, rate)
        if ringing < chain.ringing_max:
            flow(here, chain.index(busy, ringing + 1), count + here, 1.0)
    rows.extend([count] * count)
    columns.extend(range(count))
    values.extend([1.0] * count)
    balance = coo_array((values, (rows, columns)), shape=(count + 1, 2 * count)).tocsr()
    busy, answers, abandons = chain.figures()
    padding = np.zeros(count)
    solved = linprog(
        np.concatenate([-busy, padding]),
        A_ub=np.concatenate([abandons - TARGET * answers, padding])[None, :],
        b_ub=[0.0],
        A_eq=balance,
        b_eq=np.append(np.zeros(count), 1.0),
        bounds=(0, None),
        method="highs",
    )
    assert solved.status == 0
    return -solved.fun


def price_list(chain):
    """Return the loss of one more call with `busy` agents busy and `ringing` calls on the way."""
    nodes, weights = np.polynomial.laguerre.laggauss(40)
    times_s, weights = nodes * RING_S, weights / weights.sum()
    prices = np.empty((chain.agents + 1, chain.ringing_max + 1))
    answered = np.tile(SHARE * (1 - np.exp(-times_s / RING_S)), (chain.ringing_max, 1))
    for busy in range(chain.agents + 1):
        still_busy = np.tile(np.exp(-times_s / SERVICE_S), (busy, 1))
        law = ExactLaw(still_busy, chain.agents, answered, weights)
        prices[busy] = [law.loss(ringing) for ringing in range(chain.ringing_max + 1)]
    return prices


def ruled(chain, prices, threshold):
    """Return (utilisation, answers, abandons per second) of the rule at this threshold."""
    count = len(chain.states())
    goals = [
        min(chain.ringing_max, int((prices[b] <= threshold).sum())) for b in range(len(prices))
    ]
    rows, columns, values = [], [], []
    for busy, ringing in chain.states():
        here = chain.index(busy, ringing)
        if ringing < goals[busy]:
            # Dialling takes no time: such a state is left at once.
            events = [(1e6, busy, goals[busy])]
        else:
            events = list(chain.moves(busy, ringing))
        for rate, to_busy, to_ringing in events:
            rows.extend((here, chain.index(to_busy, to_ringing)))
            columns.extend((here, here))
            values.extend((-rate, rate))
    balance = coo_array((values, (rows, columns)), shape=(count, count)).tolil()
    balance[0, :] = 1.0
    wanted = np.zeros(count)
    wanted[0] = 1.0
    law = spsolve(balance.tocsc(), wanted)
    return tuple(float(law @ figure) for figure in chain.figures())


def rule_utilisation(chain):
    """Return the utilisation at exactly the target, mixing two neighbouring thresholds."""
    prices = price_list(chain)
    low, high = 1e-4, 0.5
    for _ in range(40):
        middle = np.sqrt(low * high)
        _, answers, abandons = ruled(chain, prices, middle)
        low, high = (middle, high) if abandons <= TARGET * answers else (low, middle)
    (u1, n1, a1), (u2, n2, a2) = ruled(chain, prices, low), ruled(chain, prices, high)
    under, over = TARGET * n1 - a1, a2 - TARGET * n2
    share_over = under / (under + over)
    return (1 - share_over) * u1 + share_over * u2


@pytest.mark.parametrize(("agents", "ringing_max"), [(5, 24), (10, 40), (20, 60)])
def test_the_rule_equals_the_best_policy_on_a_floor_without_memory(agents, ringing_max):
    chain = Chain(agents, ringing_max)
    best, rule = best_utilisation(chain), rule_utilisation(chain)
    assert rule <= best + 1e-7
    assert rule == pytest.approx(best, abs=0.001)
