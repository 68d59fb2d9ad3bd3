"""Pacers by name, as settings and the command line write them."""

from collections.abc import Callable
from dataclasses import replace

from dialer.config import PACER_FORMS
from dialer.pacing.adaptive import AdaptivePacer, AdaptiveSettings
from dialer.pacing.message import MessagePacer
from dialer.pacing.pacer import Pacer
from dialer.pacing.predictive import PredictivePacer, PredictiveSettings
from dialer.pacing.preview import PreviewPacer
from dialer.pacing.progressive import ProgressivePacer
from dialer.pacing.ratio import RatioPacer

PLAIN: dict[str, Callable[[float, float], Pacer]] = {
    MessagePacer.name: lambda _target, _grace_s: MessagePacer(),
    PreviewPacer.name: lambda _target, _grace_s: PreviewPacer(),
    ProgressivePacer.name: lambda _target, _grace_s: ProgressivePacer(),
    AdaptivePacer.name: lambda target, _grace_s: AdaptivePacer(
        AdaptiveSettings(abandoned_percent_max=100.0 * target)
    ),
    PredictivePacer.name: lambda target, grace_s: PredictivePacer(
        PredictiveSettings(target=target, grace_s=grace_s)
    ),
}


def pacer_named(text: str, *, target: float = 0.03, grace_s: float = 2.0) -> Pacer:
    """Return a new pacer from its name, such as "predictive" or "ratio:1.6".

    Args:
        text: A name, with a figure after a colon for `ratio` (lines per ready agent) and, if
            wished, for `adaptive` (the cap of its level).
        target: The share of live answers that may be abandoned, 0..1, for those that aim at one.
        grace_s: How long an answer may wait for an agent.

    Raises:
        ValueError: The text names no pacer; whoever wrote it must mend it.

    Example:
        >>> pacer_named("ratio:1.6").name
        'ratio'
    """
    name, _, figure = text.partition(":")
    try:
        if name == RatioPacer.name:
            return RatioPacer(float(figure))
        if name == AdaptivePacer.name and figure:
            settings = AdaptiveSettings(abandoned_percent_max=100.0 * target)
            return AdaptivePacer(replace(settings, level_max=float(figure)))
    except ValueError:
        raise ValueError(f"pacer {text!r}: {figure!r} is not a figure above 0") from None
    if figure or name not in PLAIN:
        raise ValueError(f"there is no pacer {text!r}: write {PACER_FORMS}")
    return PLAIN[name](target, grace_s)
