"""A tenant's company: made, taken over, deleted.

May import `components.clearml.admin_user`, `components.clearml.service_account` and below. States of before name the
provider by this path (docs/adr/0007).
"""

from components.clearml.company.resource import CompanyProvider

__all__ = ["CompanyProvider"]
