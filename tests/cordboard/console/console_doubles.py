"""A console for tests: passwords that cost little to check, ports that show and take nothing."""

from argon2 import PasswordHasher

from cordboard.console.accounts import Accounts
from cordboard.console.agent.ports import AgentPorts
from cordboard.console.app import create_console
from cordboard.console.supervisor.ports import SupervisorPorts


def accounts_of(password, role, *names):
    """Return accounts of one role and one password."""
    accounts = Accounts({}, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    for name in names:
        accounts.add(name, role, password)
    return accounts


def console_of(accounts, *, board=lambda: None, journal=None, agents=(), supervisors=(), **more):
    """Return a console over one board and one journal, with what else its pages need."""
    return create_console(
        agents=AgentPorts(board=board, journal=journal, **dict(agents)),
        supervisors=SupervisorPorts(board=board, journal=journal, **dict(supervisors)),
        accounts=accounts,
        secret="a secret of tests",
        is_https=False,
        **more,
    )
