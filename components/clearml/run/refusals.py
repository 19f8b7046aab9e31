"""Why a resource stops although every call worked: what it found is not what it may touch, or not what it wrote.

Of companies: `company_refusals.py`.
"""

# ruff: noqa: N818 - a cause is named by what was found

from __future__ import annotations

from collections.abc import Iterable

from components.clearml.api.errors import ClearMLError


def listed(items: Iterable[str], most: int = 5) -> str:
    """The first few names in order, and how many more there are; for the text of an error."""
    names = sorted(items)
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


class UserTaken(ClearMLError):
    """The e-mail belongs to a user of another company, or to one who is not an admin."""

    def __init__(self, email: str, user_id: str, why: str, better: str = "") -> None:
        super().__init__(
            f"{email} is already a user (id {user_id}) {why}: {better}give the tenant's admin an e-mail of its own"
        )


class AdminChanged(ClearMLError):
    """A tenant that has its admin declares another e-mail for it."""

    def __init__(self, tenant: str, email: str) -> None:
        super().__init__(
            f"tenant {tenant}: no call changes a user's e-mail: put back {email}; for another admin, remove the tenant "
            "in a run of its own and add it anew with `adopt: true`"
        )


class TenantProtected(ClearMLError):
    """A protected tenant is not declared any more."""

    def __init__(self, tenants: Iterable[str]) -> None:
        super().__init__(
            f"tenant {listed(tenants)} is protected: put its file back, "
            "or set `protect: false` in it, run `up`, and remove it then"
        )


class ShardsVanished(ClearMLError):
    """No shard is known any more, and the last run knew some that had tenants."""

    def __init__(self) -> None:
        super().__init__(
            "the last run knew shards with tenants, and no shard's link is there any more: bring the links back, move "
            "the tenants out with make shard, run make up with ALL=yes, and remove the links then"
        )


class UserVanished(ClearMLError):
    """The user we act as is gone, so neither the tenant's rules nor its company's name can be reached."""

    def __init__(self, email: str, what: str) -> None:
        super().__init__(
            f"the tenant's admin user {email} does not exist any more, so {what}: take this edit back, run "
            "`pulumi refresh` and `pulumi up` to make the user again, then repeat the edit"
        )


class SignInTaken(ClearMLError):
    """A domain or e-mail routes to another tenant already; in two tenants it would behave unpredictably."""

    def __init__(self, what: str, company: str) -> None:
        super().__init__(
            f"{what} already signs in to {company}: remove it there first, or leave it out of this tenant's sign-in"
        )


class SignedInElsewhere(ClearMLError):
    """An e-mail's owner has signed in to another tenant, and is its user from then on."""

    def __init__(self, email: str, company: str) -> None:
        super().__init__(
            f"{email} has signed in already and is a user of {company}, whom no call moves: leave it out of this "
            "tenant's sign-in, or list another address of theirs"
        )


class ServiceAccountRefused(ClearMLError):
    """The server makes no service account for this company."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(
            f"service account {name} was not made, the server says: {said}: add service_users to the tenant's features "
            "or the stack's, or take serviceAccount out of the tenant's file"
        )


class NotInEffect(ClearMLError):
    """The company has the features that were declared, and its admin sees others."""

    def __init__(self, company_id: str, missing: Iterable[str], surplus: Iterable[str]) -> None:
        seen = [
            f"features {what} {listed(names, 30)}" for what, names in (("without", missing), ("with", surplus)) if names
        ]
        super().__init__(
            f"company {company_id}: its admin sees {' and '.join(seen)}, against what was declared: "
            "look which groups the admin is in and whether the server has its newest settings"
        )


class NotApplied(ClearMLError):
    """The server accepted a write, and what it says afterwards is something else."""

    def __init__(self, what: str, field: str, wanted: str, found: str) -> None:
        super().__init__(
            f"{what}: the server accepted {field} = {wanted} but now says {found}: "
            "it may not know this setting; compare its version with the document"
        )
