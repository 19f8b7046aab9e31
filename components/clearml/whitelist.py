"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.sign_in.whitelist import WhitelistProvider

__all__ = ["WhitelistProvider"]
