"""The features that there are, as data: the document's "Available Features", and three of the API's newest schema.

Source of each note: the document's table; contract, 5 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass

# Where the documents give no version for the newest three: they came with the server of the management center.
NEWEST = (3, 30)


@dataclass(frozen=True)
class CatalogueEntry:
    """One feature: what it `does`, a `note` to know before using it, and the apiserver `since` which it is there.

    `deprecated`: everybody has it whatever is set. `undocumented`: only in the newest schema of the API.
    """

    name: str
    does: str
    note: str = ""
    since: tuple[int, ...] = ()
    deprecated: bool = False
    undocumented: bool = False


_ENTRIES = (
    CatalogueEntry(
        "user_management",
        "View a company's users and groups, and edit who is in a group.",
        "Only effective if the group is assignable.",
    ),
    CatalogueEntry(
        "user_management_advanced",
        "Admins and system users create users directly, without an invitation.",
        "Often has to be on for the whole server too.",
    ),
    CatalogueEntry("permissions", "Edit rules of access by role."),
    CatalogueEntry("applications", "View and run applications.", "Not upload or delete them: that is app_management."),
    CatalogueEntry("app_management", "Upload, delete, enable and disable applications."),
    CatalogueEntry("experiments", "Work with experiments.", "Not used: everybody has it.", deprecated=True),
    CatalogueEntry("queues", "Work with queues.", "Not used: everybody has it.", deprecated=True),
    CatalogueEntry("queue_management", "Create, change and delete queues."),
    CatalogueEntry(
        "data_management", "Hyper-Datasets.", "May also depend on the server's apiserver.services.excluded."
    ),
    CatalogueEntry("config_vault", "Configuration vaults."),
    CatalogueEntry("pipelines", "Build and run pipelines."),
    CatalogueEntry("reports", "Reports."),
    CatalogueEntry("resource_dashboard", "The orchestration dashboard."),
    CatalogueEntry("sso_management", "The wizard that sets up sign-in through an identity provider."),
    CatalogueEntry("service_users", "Create and manage service accounts."),
    CatalogueEntry("resource_policy", "Resource policies.", "May be there as a trial where it is not enabled."),
    CatalogueEntry("model_serving", "Model endpoints."),
    CatalogueEntry("show_dashboard", "Menu item: dashboard."),
    CatalogueEntry("show_model_view", "Menu item: models."),
    CatalogueEntry("show_projects", "Menu item: projects."),
    CatalogueEntry("show_orchestration", "Menu item: orchestration.", since=(3, 25)),
    CatalogueEntry("show_datasets", "Menu item: datasets.", since=(3, 25)),
    CatalogueEntry("show_app_gateways", "Menu item: application gateways.", undocumented=True),
    CatalogueEntry("project_workloads", "Workloads of a project.", undocumented=True),
    CatalogueEntry("tenant_usages", "What a tenant uses.", undocumented=True),
)
CATALOGUE = {entry.name: entry for entry in _ENTRIES}
