"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.credentials.surplus_keys import SurplusKeysProvider

__all__ = ["SurplusKeysProvider"]
