"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.rules.domains import DomainsProvider

__all__ = ["DomainsProvider"]
