"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.rules.whitelist import WhitelistProvider

__all__ = ["WhitelistProvider"]
