"""Reports of studies: one self-contained page each, with its figures as CSV and JSON too.

| module | holds |
| --- | --- |
| `plan_study`, `plan_page` | a plan: agents, shifts, targets, cost |
| `twin_study`, `twin_page` | simulated days |
| `replay_study`, `replay_page` | a recorded day lived again: fidelity, another policy |
| `outlook_study`, `outlook_page` | the next minutes of a live centre, as it is and changed |
| `calibration_study`, `calibration_page` | what was learnt from records, and how far to trust it |
| `day_lines`, `day_sections`, `samples` | the day by interval, which several studies show |
| `panels`, `charts`, `heat`, `scatter` | figures as inline SVG text, each with a table to unfold |
| `figures`, `estimates`, `requirement` | figures with their intervals; agents needed by formula |
| `metrics`, `origin` | what figures mean; command, seed and version that made a study |
| `frame`, `style` | the look of all pages: sections, tables, tiles |
| `spellings` | JSON and CSV text |

A study is plain values; page, CSV and JSON are three spellings of it. Everything is text made from
the study alone: no script, no font, no address to fetch, so the page opens anywhere, prints, and
stays readable in ten years.
"""

from simulator.report.calibration_study import CalibrationStudy, calibration_study
from simulator.report.kinds import AnyStudy, study_csv, study_json, study_page
from simulator.report.origin import Origin
from simulator.report.outlook_study import OutlookStudy, outlook_study
from simulator.report.plan_study import PlanStudy, TargetStudy, study_of, tried
from simulator.report.replay_study import Lives, ReplayStudy, replay_study
from simulator.report.twin_study import TwinStudy, twin_study

__all__ = [
    "AnyStudy",
    "CalibrationStudy",
    "Lives",
    "Origin",
    "OutlookStudy",
    "PlanStudy",
    "ReplayStudy",
    "TargetStudy",
    "TwinStudy",
    "calibration_study",
    "outlook_study",
    "replay_study",
    "study_csv",
    "study_json",
    "study_of",
    "study_page",
    "tried",
    "twin_study",
]
