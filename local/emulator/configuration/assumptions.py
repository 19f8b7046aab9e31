"""Every reading of ours where the contract is silent or open: one named, switchable entry each.

Switched by the emulator's environment, as JSON: `EMULATOR_ASSUMPTIONS='{"settings_lists_replace": false}'`. It is
not a `CLEARML__` variable because no real server has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

VARIABLE = "EMULATOR_ASSUMPTIONS"


class AssumptionError(ValueError):
    """`EMULATOR_ASSUMPTIONS` is not what `Assumptions` declares; one line."""


@dataclass(
    frozen=True,
    config=ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, use_attribute_docstrings=True),
)
class Assumptions:
    """Our reading of each open point; the defaults are what a plain run uses.

    Each field's docstring begins with sections of `docs/contract/` in brackets. It becomes a row of the page
    `docs/contract/assumptions.md` by `local/emulator/configuration/assumption_page.py`.
    """

    # -- which server --------------------------------------------------------------------------------------------
    new_server: bool = False
    """[7] About 3.30: `tenants.*`, role `consumer`, `role` on whitelist entries, expiring keys, three more features."""
    server_version: str | None = None
    """[1.7] What `server.info` says; unset: 3.26.8, or 3.30.0 when `new_server`."""
    api_version: str | None = None
    """[1.1] The highest API version; unset: 2.34, or 2.37 when `new_server`."""

    # -- identities ----------------------------------------------------------------------------------------------
    system_impersonates_across_companies: bool = True
    """[1.3] Role `system` may impersonate users of any company, as the document needs; off: only `root`, as OSS."""
    configured_users_have_profiles: bool = False
    """[2.3, 3] A configured identity always has a users.* record; off: only with `allow_login` or role `user`."""
    admins_join_admins_group: bool = True
    """[5] Who has the role `admin` is in the group `admins`, unless groups were set explicitly."""
    deleted_tenant_locks_out: bool = True
    """[2.2] Keys of a soft-deleted tenant get 401/22, and nobody can act as its users."""
    max_credentials: int = 100
    """[1.5, 2.3] Keys one user may hold; one more is 400/50. The real number is not published."""
    zero_seconds_never_expire: bool = True
    """[2.3, 6.5] `expiration_sec: 0` makes a key that never expires; off: it says nothing, and the policy does."""
    longer_life: Literal["shorten", "refuse"] = "shorten"
    """[6.5] A person's key that is to live longer than the policy allows: it gets the policy's life, or 400/16."""
    users_info_key: Literal["id", "email"] = "id"
    """[2.3] What keys the map that `auth.get_users_info` returns."""

    # -- companies -----------------------------------------------------------------------------------------------
    short_name_subcode: Literal[12, 800] = 800
    """[1.5] A company's name under 3 characters: the database's 400/800 (OSS), or the schema's 400/12."""
    unique_names_fold_case: bool = True
    """[2.1] Under `unique_names`, names that differ in case only are duplicates (400/801)."""
    deleted_names_reusable: bool = False
    """[6.2] A soft-deleted company's name may be used again under `unique_names`."""
    deleted_companies_listed: bool = True
    """[6.2] `system.get_companies` shows soft-deleted companies, as `active: false`; off: not at all."""
    system_may_rename_company: Literal["never", "impersonating", "always"] = "impersonating"
    """[2.6] `organization.update_company_name` is for `admin`. A system key: as an admin it impersonates, as itself
    too, or never, because the caller's own role is checked before impersonation (then the admin's own key does it)."""
    company_user_counts: Literal["custom_data", "users", "absent"] = "custom_data"
    """[2.1] Where `system.get_companies` puts the count that `custom_data: {users: true}` asks for."""
    company_user_counts_internal: bool = True
    """[8] Internal users are counted there."""
    app_queues: tuple[str, ...] = ()
    """[2.1] Names of the queues that `system.create_company` makes and returns."""

    # -- features and limits -------------------------------------------------------------------------------------
    defaults_take_features: bool = True
    """[2.1] `features` and `exclude_features` work in `create_company.defaults`, as the document shows."""
    settings_lists_replace: bool = True
    """[2.1] A list sent to `update_company_settings` replaces the stored one; off: it is merged into it."""
    company_info_shows_features: bool = True
    """[2.1] `system.company_info` returns features and exclusions among `defaults`."""
    company_info_shows_sso: bool = True
    """[2.1] `system.company_info` returns what `update_company_sso_config` set, as `defaults.sso`."""
    unknown_feature: Literal["refuse", "ignore", "keep"] = "refuse"
    """[5] An unknown feature name in a call: 400/12, silently dropped, or stored."""
    unset_tenant_features_mean_all: bool = False
    """[5] A company whose features were never set has the whole catalogue; off: only the server's features."""
    groups_open_by_default: tuple[str, ...] = ("users",)
    """[5] Groups that, without a list of their own, grant all that the tenant has. The others then grant nothing."""
    role_ui_features_limit: bool = False
    """[5] `ui_features_per_role.<role>.<feature>: false` also takes it out of `supported_features`; off: web only."""
    allowed_users_enforced: bool = True
    """[2.1] A user beyond the company's `allowed_users` is refused (400, subcode 0)."""
    internal_users_count: bool = False
    """[8] Internal users count towards `allowed_users`."""
    internal_users_listed: bool = True
    """[8] Internal users appear in `users.get_all`."""

    app_instance_access_replaces: bool = True
    """[2.1] What is sent of who sees applications replaces all that was stored; off: it is laid over it."""
    service_users_need_feature: bool = True
    """[2.3, 5] `auth.create_service_user` is refused (403, subcode 0) to a company without `service_users`."""
    service_users_listed: bool = True
    """[2.4, 8] Service accounts appear in `users.get_all`, and `system.get_companies` counts them as users."""

    # -- sign-in -------------------------------------------------------------------------------------------------
    sign_in_values_checked: bool = True
    """[1.5] A malformed e-mail is 400/22 and a malformed domain 400/23; off: they are stored."""
    fold_case: bool = False
    """[1.6, 2.5] E-mails and domains are stored in lower case; off: as given, and compared as given (as OSS does)."""
    empty_domains_clear: bool = True
    """[2.5] `login.set_domains []` removes all; off: it changes nothing."""
    readding_changes_role: bool = False
    """[2.5] Adding an e-mail that is there changes its role; off: remove it first."""
    whitelist_shape: Literal["lists", "entries"] = "lists"
    """[2.5] `login.get_whitelist` returns lists of `emails`, as the reference's newest schema; or one entry each."""
    whitelist_unfiltered: Literal["all", "refuse", "none", "absent"] = "all"
    """[2.5] `login.get_whitelist` without e-mail and domain returns all rules; or 400/12; or an empty list; or none."""
    whitelist_shows_accepted: bool = True
    """[2.5] `login.get_whitelist` shows entries whose people have signed in; off: pending ones and domains only."""
    settings_leave_out: Literal["nothing", "empty", "all"] = "nothing"
    """[2.5] `login.get_settings` always has both lists; or not those that are empty; or neither."""
    last_sso_configuration_stays: bool = False
    """[1.5] Deactivating the last active SSO configuration is 400/86."""

    @property
    def shown_server_version(self) -> str:
        return self.server_version or ("3.30.0" if self.new_server else "3.26.8")

    @property
    def highest_api_version(self) -> str:
        return self.api_version or ("2.37" if self.new_server else "2.34")


def read_assumptions(environment: Mapping[str, str]) -> Assumptions:
    """The defaults with what `EMULATOR_ASSUMPTIONS` changes. Raises AssumptionError."""
    text = environment.get(VARIABLE) or "{}"
    try:
        return TypeAdapter(Assumptions).validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        where = ".".join(map(str, fault["loc"])) or "it"
        raise AssumptionError(
            f"{VARIABLE}: {where}: {fault['msg']}: see local/emulator/configuration/assumptions.py"
        ) from None
