"""Warnings that are written for people are one sentence on the command line."""

import subprocess
import sys

WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
import warnings
from cordboard.cli.output import tell_warnings
from simulator.kernel import notice_if_slow
tell_warnings()
notice_if_slow()
notice_if_slow()
warnings.warn("a library's", UserWarning)
"""


def test_notice_of_a_missing_numba_is_one_sentence_and_a_librarys_warning_keeps_its_place():
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMBA], capture_output=True, text=True, check=True
    )
    notice, *others = ran.stderr.splitlines()
    assert notice == (
        "note: numba is not installed: the simulation kernel runs as plain Python, about a hundred"
        " times slower; its answers are the same (pip install numba)"
    )
    assert others[0] == "<string>:10: UserWarning: a library's"
