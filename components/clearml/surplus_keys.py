"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.credentials.stale_credentials import StaleCredentialsProvider as SurplusKeysProvider

__all__ = ["SurplusKeysProvider"]
