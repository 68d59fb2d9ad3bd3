"""Whatever is killed: what is exchanged with the carrier is held to its contract."""

from tests.contract.witness import module_on_contract, on_contract

__all__ = ["module_on_contract", "on_contract"]
