"""Several abandonment windows at once: the target they leave, and when to stop dialling ahead.

The pacer settles on one target rate. Every window may lower it: none may exceed its own limit, and
in *risk mode* the probability that the window ends above its limit is held under a chosen value.
With A answers and D abandons so far, M answers still to come and a target r, abandons to come are
close to Poisson with mean rM; the largest r with r M + z sqrt(r M) + (z^2 - 1) / 6 <= limit
(A + M) - D keeps the risk at the normal quantile z (the last term is the Cornish-Fisher correction
for the skewness of the Poisson law). Feedback makes the real spread smaller, so this is on the safe
side.

A *rolling* window has no end; one length from now it will hold as many answers as today and none of
today's, so its risk is held as that of a fresh window of that size.

A *hard* window over its limit stops dialling ahead altogether: one call per ready agent until it
recovers.
"""

from collections.abc import Sequence
from math import sqrt

from scipy.special import ndtri

from dialer.pacing.view import WindowStanding


def hard_window_over(windows: Sequence[WindowStanding]) -> WindowStanding | None:
    """Return the first hard window that is over its limit, if any."""
    for window in windows:
        if window.is_hard and window.abandons > window.rate_max * window.answers:
            return window
    return None


def target_within(target: float, windows: Sequence[WindowStanding]) -> float:
    """Return the highest rate to settle on that every window allows, at most `target`."""
    for window in windows:
        target = min(target, window.rate_max, _risk_target(window))
    return max(0.0, target)


def _risk_target(window: WindowStanding) -> float:
    """Return the rate that keeps the window's breach risk; 1 where none was asked for."""
    ahead = float(window.answers) if window.is_rolling else window.answers_ahead
    if window.breach_risk_max is None or ahead <= 0.0:
        return 1.0
    quantile = max(0.0, -float(ndtri(window.breach_risk_max)))
    if window.is_rolling:
        spare = window.rate_max * ahead
    else:
        spare = window.rate_max * (window.answers + ahead) - window.abandons
    spare -= max(0.0, quantile * quantile - 1.0) / 6.0
    if spare <= 0.0:
        return 0.0
    root = (sqrt(quantile * quantile + 4.0 * spare) - quantile) / 2.0
    return root * root / ahead
