"""Fitting the model of a centre to what was recorded.

| module | fits |
| --- | --- |
| `records` | what is read: callers, handlings, offers, dials, agents' presence |
| `durations` | handle times, IVR times, ring times: the best of several distributions |
| `shapes` | the same for a scenario: with what is always the same, and what no fit describes |
| `patience` | how long callers would wait, from waits that mostly ended in an answer (censored) |
| `variability` | how far days and intervals stray from their expected calls |
| `team`, `lists` | agents' shifts and ways; how the numbers on a list answer |
| `centre` | all of it: `calibrate` |
| `scenario_text` | the model as a scenario file |

Each fit comes with its goodness in words a manager can use: a distance between the fitted and the
recorded distribution, and the chance of a larger one if the fit were true.
"""

from simulator.calibration.centre import CalibrationError, Model, calibrate
from simulator.calibration.durations import Fit, fit_durations
from simulator.calibration.patience import (
    PatienceFit,
    fit_patience,
    fit_patience_shapes,
    survival,
)
from simulator.calibration.records import Records, read_records_file
from simulator.calibration.scenario_text import scenario_text
from simulator.calibration.shapes import Shape, describe_durations
from simulator.calibration.variability import fit_variability

__all__ = [
    "CalibrationError",
    "Fit",
    "Model",
    "PatienceFit",
    "Records",
    "Shape",
    "calibrate",
    "describe_durations",
    "fit_durations",
    "fit_patience",
    "fit_patience_shapes",
    "fit_variability",
    "read_records_file",
    "scenario_text",
    "survival",
]
