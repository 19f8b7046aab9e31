"""The names valid in `features` and `exclude_features` (contract 5)."""

from __future__ import annotations

DOCUMENTED = (
    "user_management",
    "user_management_advanced",
    "permissions",
    "applications",
    "app_management",
    "experiments",
    "queues",
    "queue_management",
    "data_management",
    "config_vault",
    "pipelines",
    "reports",
    "resource_dashboard",
    "sso_management",
    "service_users",
    "resource_policy",
    "model_serving",
    "show_dashboard",
    "show_model_view",
    "show_projects",
    "show_orchestration",
    "show_datasets",
)
NEWER = ("show_app_gateways", "project_workloads", "tenant_usages")


def known_features(*, new_server: bool) -> frozenset[str]:
    """The catalogue of a server of that generation."""
    return frozenset(DOCUMENTED + NEWER if new_server else DOCUMENTED)
