"""How many calls to start now, and why.

One photograph of the floor goes in (`PacingView`), one explained number comes out (`Decision`).
Five rules share that contract: `PreviewPacer`, `ProgressivePacer`, `RatioPacer`, `AdaptivePacer`
(the widely known level rules) and `PredictivePacer` (ours). The theory and the measurements are in
`docs/pacing.md`.

Pacers run in the shell, not in the replayed core, because numpy's last bits differ between
processors: the core records the integer it was given.
"""

from dialer.config import PACER_FORMS
from dialer.pacing.adaptive import AdaptivePacer, AdaptiveSettings, LimitRule
from dialer.pacing.catalogue import pacer_named
from dialer.pacing.decision import Decision, Limit
from dialer.pacing.pacer import Pacer
from dialer.pacing.predictive import PredictivePacer, PredictiveSettings
from dialer.pacing.preview import PreviewPacer
from dialer.pacing.progressive import ProgressivePacer
from dialer.pacing.ratio import RatioPacer
from dialer.pacing.view import PacingView, WindowStanding

__all__ = [
    "PACER_FORMS",
    "AdaptivePacer",
    "AdaptiveSettings",
    "Decision",
    "Limit",
    "LimitRule",
    "Pacer",
    "PacingView",
    "PredictivePacer",
    "PredictiveSettings",
    "PreviewPacer",
    "ProgressivePacer",
    "RatioPacer",
    "WindowStanding",
    "pacer_named",
]
