"""Where a call may be sent: nowhere, unless the settings say so.

The carrier bills whoever dials. A number from a flow file, a data source or an agent's keyboard is
dialled only if it is a full E.164 number and begins with an allowed beginning; the longest are the
most careful (`+4420`, not `+44`, whose premium ranges would come along).
"""

import re
from collections.abc import Sequence

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_allowed(number: str, beginnings: Sequence[str]) -> bool:
    """Tell whether a number may be dialled."""
    return bool(_E164.fullmatch(number)) and number.startswith(tuple(beginnings))
