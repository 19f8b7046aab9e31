"""A tenant's own identity provider.

May import `components.clearml.provider` and below. States of before name the provider by this path (docs/adr/0007).
"""

from components.clearml.sso.resource import SsoProvider

__all__ = ["SsoProvider"]
