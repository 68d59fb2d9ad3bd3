"""Ports on this machine: asked for before anything is started, so that a taken one is one line."""

import socket

from cordboard.cli.output import UserError

LOOPBACK = "127.0.0.1"


def require_free(port: int, option: str) -> None:
    """Refuse a port that another program listens on.

    Raises:
        UserError: The port is taken or not ours to take; the message names the option to change.
    """
    if not 0 <= port <= 65_535:
        raise UserError(f"{option} is {port}; a port is 1 to 65535, or 0 for a free one")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise UserError(
                f"port {port} cannot be used ({error.strerror}); choose another with {option}"
            ) from error


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
