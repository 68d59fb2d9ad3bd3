"""Pacers by name, as settings and the command line write them."""

from dialer.pacing.adaptive import AdaptivePacer, AdaptiveSettings
from dialer.pacing.pacer import Pacer
from dialer.pacing.predictive import PredictivePacer
from dialer.pacing.preview import PreviewPacer
from dialer.pacing.progressive import ProgressivePacer
from dialer.pacing.ratio import RatioPacer

#: What may be written, for messages.
PACER_FORMS = "preview, progressive, ratio:LINES, adaptive, adaptive:CAP or predictive"


def pacer_named(text: str) -> Pacer:
    """Return a new pacer from its name, such as "predictive" or "ratio:1.6".

    Args:
        text: A name, with a figure after a colon for `ratio` (lines per ready agent) and, if
            wished, for `adaptive` (the cap of its level).

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
            return AdaptivePacer(AdaptiveSettings(level_max=float(figure)))
    except ValueError:
        raise ValueError(f"pacer {text!r}: {figure!r} is not a figure above 0") from None
    plain: dict[str, type[Pacer]] = {
        PreviewPacer.name: PreviewPacer,
        ProgressivePacer.name: ProgressivePacer,
        AdaptivePacer.name: AdaptivePacer,
        PredictivePacer.name: PredictivePacer,
    }
    if name not in plain or figure:
        raise ValueError(f"there is no pacer {text!r}: write {PACER_FORMS}")
    return plain[name]()
