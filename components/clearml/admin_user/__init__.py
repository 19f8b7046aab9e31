"""A tenant's internal admin, whose keys the workers have.

May import `components.clearml.credentials` and below. States of before name the provider by this path (docs/adr/0007).
"""

from components.clearml.admin_user.resource import AdminUserProvider

__all__ = ["AdminUserProvider"]
