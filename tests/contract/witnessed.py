"""Runs `cordboard` with the witness watching: `python -m tests.contract.witnessed demo --headless`.

For tests of commands that start a stand-in in a process of their own. What was off contract is
written to stderr and is exit code 3; what was held to it is told on stdout.
"""

import sys

from cordboard.cli.main import run
from tests.contract.witness import held, seen

OFF_CONTRACT = 3


def main():
    try:
        run()
    finally:
        found = seen()
        print(f"held to the carrier's contract: {dict(held)}")  # noqa: T201  (the answer)
        if found:
            print("\n".join(found), file=sys.stderr)  # noqa: T201  (likewise)
            sys.exit(OFF_CONTRACT)


if __name__ == "__main__":
    main()
