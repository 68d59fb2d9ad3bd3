"""Compilation by numba where it is installed, the same functions in plain Python where it is not.

numba costs about 110 MB and, once per machine, some seconds of compilation; its results are cached
on disk. Without it every answer stays the same, call by call, and takes about a hundred times as
long; the first use says so in a `SlowKernelWarning`.

Compiled functions make no arrays of their own: what they need is handed to them. numba's reference
counting is therefore switched off in them; with it, a call of the multi-skill case cost 2.8
microseconds, without it 0.15, because records of arrays were counted at every access.

numba notices a change in a function's own file only. Whoever changes a compiled function that
others call clears the cache: `find simulator -name '*.nb?' -delete`.
"""

from __future__ import annotations

import functools
import importlib.util
import warnings
from collections.abc import Callable
from typing import ParamSpec, TypeVar

IS_COMPILED = importlib.util.find_spec("numba") is not None
"""Whether the kernel runs as machine code here."""

P = ParamSpec("P")
R = TypeVar("R")


class SlowKernelWarning(UserWarning):
    """numba is missing: the kernel runs as plain Python."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that makes no arrays for the processor, if numba is installed."""
    if not IS_COMPILED:
        return function
    import numba

    options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    machine_code: Callable[P, R] = numba.njit(**options)(function)  # type: ignore[call-overload]
    return machine_code


@functools.cache
def notice_if_slow() -> None:
    """Say once that the kernel is not compiled."""
    if not IS_COMPILED:
        warnings.warn(
            "numba is not installed: the simulation kernel runs as plain Python, about a hundred "
            "times slower; its answers are the same (pip install numba)",
            SlowKernelWarning,
            stacklevel=3,
        )
