"""The Lua scripts: each is one step that happens whole or not at all.

Redis runs a script without anything in between, so a script may compare the leader's token and
write in the same breath; a check made by the client beforehand lets a leader that was asleep write
after it has been replaced. A script that the server has forgotten is sent again by the client
library, which is safe: a forgotten script did not run.
"""

from functools import cache
from importlib.resources import files

from redis.commands.core import Script

from cordboard.runtime.connection import Client


@cache
def _text(name: str) -> str:
    return files(__name__).joinpath(f"{name}.lua").read_text(encoding="utf-8")


def script(client: Client, name: str) -> Script:
    """Make the script of this name callable on a client.

    Example:
        >>> "XADD" in _text("entries")
        True
    """
    body = _text(name)
    if "append_entries" in body:
        body = _text("entries") + body
    return client.register_script(body)
