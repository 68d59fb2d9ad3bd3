"""Reports of a staffing study: one self-contained page, the same figures as CSV and JSON.

| module | holds |
| --- | --- |
| `estimates` | a figure with its confidence interval |
| `study` | what a plan's report says, as plain values: the one source of page, CSV and JSON |
| `charts` | charts as inline SVG text |
| `page` | the HTML page |

Everything is text made from the study alone: no script, no font, no address to fetch, so the page
opens anywhere, prints, and stays readable in ten years.
"""

from simulator.report.page import study_page
from simulator.report.study import Study, study_csv, study_json, study_of

__all__ = ["Study", "study_csv", "study_json", "study_of", "study_page"]
