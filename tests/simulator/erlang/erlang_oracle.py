"""Erlang B, C and A computed a second way, with many digits and no cleverness.

States are summed one by one, and waits integrated numerically over the offered wait's density (the
wait of a caller who would never give up), in mpmath. Nothing is shared with `simulator.erlang`:
neither incomplete gamma functions, nor windows, nor Stirling's formula.
"""

from mpmath import mp, mpf

DIGITS = 30


def erlang_b_share(load, agents):
    with mp.workdps(DIGITS):
        share = mpf(1)
        for count in range(1, agents + 1):
            share = load * share / (count + load * share)
        return share


def erlang_c_figures(*, arrivals_per_s, handle_s, agents, within_s):
    with mp.workdps(DIGITS):
        load = mpf(arrivals_per_s) * handle_s
        blocked = erlang_b_share(load, agents)
        p_wait = blocked / (1 - load / agents * (1 - blocked))
        excess_per_s = (agents - load) / handle_s
        return {
            "p_wait": p_wait,
            "asa_s": p_wait / excess_per_s,
            "service_level": 1 - p_wait * mp.exp(-excess_per_s * within_s),
        }


def erlang_a_figures(*, arrivals_per_s, handle_s, patience_s, agents, within_s):
    with mp.workdps(DIGITS):
        rate, handle, patience = mpf(arrivals_per_s), mpf(handle_s), mpf(patience_s)
        free, queue = _state_weights(rate, handle, patience, agents)
        total = sum(free) + sum(queue)
        mean_queue = sum(length * weight for length, weight in enumerate(queue)) / total
        p_abandon = mean_queue / patience / rate

        def answered_density(wait):
            thinned = patience * -mp.expm1(-wait / patience)
            return mp.exp(rate * thinned - agents * wait / handle - wait / patience)

        height = rate * free[-1] / total
        peak = max(mpf(0), patience * mp.log(rate / (agents / handle)))
        end = (
            peak
            + 12 * max(mp.sqrt(patience / rate), handle / agents)
            + 12 * mp.sqrt(patience * handle / agents)
        )
        waits = mp.quad(lambda wait: wait * answered_density(wait), mp.linspace(0, end, 16))
        in_time = mp.quad(answered_density, mp.linspace(0, within_s, 6))
        return {
            "p_wait": sum(queue) / total,
            "p_abandon": p_abandon,
            "mean_wait_s": mean_queue / rate,
            "asa_s": waits * height / (1 - p_abandon),
            "occupancy": rate * handle * (1 - p_abandon) / agents,
            "service_level": sum(free) / total + in_time * height,
        }


def _state_weights(rate, handle, patience, agents):
    """Weights of the states with an agent free, and of those with 0, 1, 2 ... callers in queue."""
    free = [mpf(1)]
    for count in range(1, agents):
        free.append(free[-1] * rate * handle / count)
    queue = [free[-1] * rate * handle / agents]
    largest = queue[0]
    while queue[-1] > largest * mpf(10) ** -DIGITS:
        departures_per_s = agents / handle + len(queue) / patience
        queue.append(queue[-1] * rate / departures_per_s)
        largest = max(largest, queue[-1])
    return free, queue
