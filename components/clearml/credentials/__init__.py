"""Key pairs of workers: made, labelled, replaced, revoked.

May import `components.clearml.provider` and below. States of before name the provider by this path (docs/adr/0007).
"""

from components.clearml.credentials.resource import CredentialsProvider

__all__ = ["CredentialsProvider"]
