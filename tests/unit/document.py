"""The document's first values block, with its lost placeholders filled in."""

from __future__ import annotations

from settings.loading.secrets import Secrets
from settings.models.stack import StackSettings

EMAIL = "email@example.com"
KEY = "supervisor-key"
SECRET = "supervisor-secret"

# Name and value as they stand in the document, in its order.
FIRST_BLOCK = [
    ("CLEARML__services__organization__features__user_management_advanced", "true"),
    ("CLEARML__services__auth__ui_features_per_role__user__show_datasets", "false"),
    ("CLEARML__services__auth__ui_features_per_role__user__show_orchestration", "false"),
    (
        "CLEARML__services__workers__resource_usages__supervisor_company",
        "d1bd92a3b039400cbafc60a7a5b1e52b",
    ),
    ("CLEARML__secure__credentials__supervisor__role", "system"),
    ("CLEARML__secure__credentials__supervisor__allow_login", "true"),
    ("CLEARML__secure__credentials__supervisor__user_key", KEY),
    ("CLEARML__secure__credentials__supervisor__user_secret", SECRET),
    ("CLEARML__secure__credentials__supervisor__sec_groups", '["users", "admins", "queue_admins"]'),
    ("CLEARML__secure__credentials__supervisor__email", f'"{EMAIL}"'),
    ("CLEARML__apiserver__company__unique_names", "true"),
]

# The document shows these two without quotes; we quote every free text, which the server reads as the same string.
FREE_TEXTS = {
    "CLEARML__secure__credentials__supervisor__user_key",
    "CLEARML__secure__credentials__supervisor__user_secret",
}

SECRETS = Secrets("server-key", "server-secret", KEY, SECRET)

STACK_KEYS = {
    "baseDomain": "clearml.example.com",
    "kubeContext": "somewhere",
    "charts": {
        "server": {"chart": "oci://registry.example.com/clearml-enterprise", "version": "11.0.0"},
        "agent": {"chart": "./agent"},
        "gateway": {"chart": "gateway", "repository": "https://charts.example.com"},
    },
    "server": {"cookieName": "clearml_token_basic", "supervisor": {"email": EMAIL}},
}


def settings(**changes: object) -> StackSettings:
    """A stack whose values reproduce the document's block; `changes` by camelCase key."""
    return StackSettings.model_validate({**STACK_KEYS, **changes}, by_alias=True, by_name=False)
