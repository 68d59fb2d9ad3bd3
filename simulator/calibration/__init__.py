"""Fitting the model of a centre to what was recorded.

| module | fits |
| --- | --- |
| `durations` | handle times, IVR times, ring times: the best of several distributions |
| `patience` | how long callers would wait, from waits that mostly ended in an answer (censored) |
| `variability` | how far days and intervals stray from their expected calls |

Each fit comes with its goodness in words a manager can use: a distance between the fitted and the
recorded distribution, and the chance of a larger one if the fit were true.
"""

from simulator.calibration.durations import Fit, fit_durations
from simulator.calibration.patience import PatienceFit, fit_patience, survival
from simulator.calibration.variability import fit_variability

__all__ = [
    "Fit",
    "PatienceFit",
    "fit_durations",
    "fit_patience",
    "fit_variability",
    "survival",
]
