"""Reports of a study: one self-contained page; a plan's figures as CSV and JSON too.

| module | holds |
| --- | --- |
| `estimates` | a figure with its confidence interval |
| `study` | what a plan's report says, as plain values: the one source of page, CSV and JSON |
| `charts` | charts as inline SVG text |
| `frame` | the look of all pages: sections, tables, tiles |
| `page` | a plan's page |
| `calibration_page` | what was learnt from records, and how far to trust it |

Everything is text made from the study alone: no script, no font, no address to fetch, so the page
opens anywhere, prints, and stays readable in ten years.
"""

from simulator.report.calibration_page import calibration_page
from simulator.report.page import study_page
from simulator.report.study import Study, study_csv, study_json, study_of

__all__ = ["Study", "calibration_page", "study_csv", "study_json", "study_of", "study_page"]
