"""A port that is taken is one line that names the option to change."""

import socket

import pytest

from cordboard.cli.output import UserError
from cordboard.cli.ports import free_port, require_free


def test_taken_port_names_the_option():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UserError, match=r"in use.*--port"):
            require_free(other.getsockname()[1], "--port")


def test_number_that_is_no_port_says_what_is():
    with pytest.raises(UserError, match="1 to 65535"):
        require_free(70_000, "--port")


def test_free_port_is_free():
    require_free(free_port(), "--port")
