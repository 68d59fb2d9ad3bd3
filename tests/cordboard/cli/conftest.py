"""Everything that commands exchange with a stand-in of this process is held to the contract."""

from tests.contract.witness import module_on_contract, on_contract

__all__ = ["module_on_contract", "on_contract"]
