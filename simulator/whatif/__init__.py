"""What would become of the live centre in the next minutes: as it is, and changed.

A copy of the live centre (its whole state, as a snapshot holds it) goes forward in the twin: the
calls in it go on from where they are, new callers come as the scenario says, agents keep their
shifts. Many such futures are tried, each twice with the same people: once as it is, once with the
change. The difference of the two is the change's own, and has an interval.

| module | holds |
| --- | --- |
| `residuals` | how much longer something lasts that has lasted a while |
| `present` | the state to start from, and putting its people into the twin |
| `change` | what may be changed: staff, skills, pacing, any setting |
| `tally` | what is counted of the minutes ahead |
| `outlook` | many futures, paired |

Nothing here touches the live centre: it reads a copy and returns figures.
"""

from simulator.whatif.change import Change, ChangeError, agents_like, moved, pacing_target
from simulator.whatif.outlook import Outlook, look_ahead
from simulator.whatif.present import Present

__all__ = [
    "Change",
    "ChangeError",
    "Outlook",
    "Present",
    "agents_like",
    "look_ahead",
    "moved",
    "pacing_target",
]
