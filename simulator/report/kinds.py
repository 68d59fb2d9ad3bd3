"""Every kind of study, and how each is spelt."""

from __future__ import annotations

from simulator.report.calibration_page import calibration_page
from simulator.report.calibration_study import CalibrationStudy, calibration_columns
from simulator.report.comparison import compared_columns
from simulator.report.day_sections import day_columns
from simulator.report.outlook_page import outlook_page
from simulator.report.outlook_study import OutlookStudy
from simulator.report.plan_page import plan_page
from simulator.report.plan_panels import plan_columns
from simulator.report.plan_study import PlanStudy
from simulator.report.replay_page import replay_page
from simulator.report.replay_study import ReplayStudy, replay_columns
from simulator.report.spellings import csv_text, json_text
from simulator.report.twin_page import twin_page
from simulator.report.twin_study import TwinStudy

AnyStudy = PlanStudy | TwinStudy | ReplayStudy | OutlookStudy | CalibrationStudy


def study_page(study: AnyStudy) -> str:
    """Return a study as a complete HTML document."""
    match study:
        case PlanStudy():
            return plan_page(study)
        case TwinStudy():
            return twin_page(study)
        case ReplayStudy():
            return replay_page(study)
        case OutlookStudy():
            return outlook_page(study)
        case CalibrationStudy():
            return calibration_page(study)


def study_csv(study: AnyStudy) -> str:
    """Return a study's figures as one table: by interval, or by figure where there are none."""
    match study:
        case PlanStudy():
            return csv_text("start", study.starts, plan_columns(study))
        case TwinStudy():
            return csv_text("start", study.lines.starts, day_columns(study.lines))
        case ReplayStudy():
            names = [one.name for one in study.fidelity]
            return csv_text("figure", names, replay_columns(study))
        case OutlookStudy():
            names = [one.name for one in study.figures]
            return csv_text("figure", names, compared_columns(study.figures))
        case CalibrationStudy():
            names = [fit.what for fit in study.fits]
            return csv_text("what", names, calibration_columns(study))


def study_json(study: AnyStudy) -> str:
    """Return the whole study as JSON; figures nobody could know are null."""
    return json_text(study)
