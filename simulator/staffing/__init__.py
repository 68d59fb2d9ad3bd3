"""From a forecast to a team and its shifts, by simulation, with proof.

| module | holds |
| --- | --- |
| `forecast_file` | a forecast in CSV, read or refused with row and column |
| `centre` | calls, groups, rules and targets as one value |
| `targets` | service level, speed, abandonment, occupancy as linear excess, at a stated certainty |
| `bracket` | the first guess, from closed forms |
| `effects` | what one agent more or fewer does, everywhere, from a dozen simulations |
| `search` | the cheapest team per interval and group, by simulation and cuts |
| `shifts` | shifts and breaks that cover a requirement, by integer programming |
| `deferred` | work that can wait: what may be done when, and what found no place |
| `programme` | the integer programme over shifts and work that can wait |
| `schedule` | shifts of all groups together, improved by simulation; valleys filled |
| `duties` | what each agent does in each interval |
| `plan` | the whole way, judged on fresh days |
| `worth` | what one more agent is worth, and what a target costs |
| `roster` | who works which shift in a week |

How a plan is shown lives in `simulator.report`.
"""

from simulator.staffing.centre import Centre, Demand, Group, PlanError
from simulator.staffing.deferred import DeferredWork, Placement
from simulator.staffing.forecast_file import Forecast, ForecastError, read_forecast
from simulator.staffing.plan import DayPlan, Effort, plan_day
from simulator.staffing.search import CannotBeMetError, Requirement, required_team
from simulator.staffing.shifts import Break, Schedule, ShiftError, ShiftRule
from simulator.staffing.targets import Target, Verdict

__all__ = [
    "Break",
    "CannotBeMetError",
    "Centre",
    "DayPlan",
    "DeferredWork",
    "Demand",
    "Effort",
    "Forecast",
    "ForecastError",
    "Group",
    "Placement",
    "PlanError",
    "Requirement",
    "Schedule",
    "ShiftError",
    "ShiftRule",
    "Target",
    "Verdict",
    "plan_day",
    "read_forecast",
    "required_team",
]
