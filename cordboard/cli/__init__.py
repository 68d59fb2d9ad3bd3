"""The `cordboard` command: one module a command, and the composition of the live processes.

Exit codes are the same everywhere: 0 fine, 1 something was found (a check failed, books do not
balance), 2 wrong use. Results go to standard output, as a table for people or with `--json` for
programs; progress and problems go to standard error.
"""
