"""Why a resource stops although every call worked: what it found is not what it may touch, or not what it wrote."""

# ruff: noqa: N818 - a cause is named by what was found

from __future__ import annotations

from collections.abc import Iterable

from components.clearml.api.errors import ClearMLError


def listed(items: Iterable[str], most: int = 5) -> str:
    """The first few names in order, and how many more there are; for the text of an error."""
    names = sorted(items)
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


class CompanyTaken(ClearMLError):
    """A company of that name exists and is not evidently ours. `adopt: true` takes the one of just that name."""

    def __init__(self, name: str, company_id: str, why: str, *, same: bool = True) -> None:
        adopt = "`adopt: true` or " if same else ""
        super().__init__(
            f"company {name!r} exists already (id {company_id}) and {why}: choose another name, "
            f"or adopt it on purpose with {adopt}`companyId: {company_id}`"
        )


class CompanyOfPlatform(ClearMLError):
    """A tenant asks for a company whose admin would be the platform's."""

    def __init__(self, name: str, company_id: str, why: str) -> None:
        super().__init__(
            f"company {name!r} (id {company_id}) {why}: no tenant may take it over; give the tenant a company of its "
            "own, under another name"
        )


class NameTaken(ClearMLError):
    """A company cannot get a name that another has, shown by the server or not."""

    def __init__(self, name: str, who: str) -> None:
        super().__init__(
            f"no company can be named {name!r} now: {who}: choose another name, or rename that one first, "
            "in a run of its own"
        )


class NamedOtherwise(ClearMLError):
    """A company that is adopted by its id has another name, and nobody in it whom we may rename it as."""

    def __init__(self, company_id: str, name: str, now: str, admin_email: str) -> None:
        super().__init__(
            f"company {company_id} is named {now!r} on the server, and only {admin_email}, who is not in it yet, may "
            f"name it {name!r}: write `company: {now}` first, run `pulumi up`, and give it the new name then"
        )


class CompanyAmbiguous(ClearMLError):
    """Several active companies have that name."""

    def __init__(self, name: str, company_ids: Iterable[str]) -> None:
        super().__init__(
            f"several companies are named {name!r} ({listed(company_ids, 10)}): say which one with `companyId:`"
        )


class CompanyMistaken(ClearMLError):
    """Another company's id was declared for a tenant that has its company."""

    def __init__(self, name: str, company_id: str, declared: str) -> None:
        super().__init__(
            f"this tenant is company {name!r} (id {company_id}), not {declared}: put `companyId` back or leave it "
            "out, or give the other company a file of its own"
        )


class CompanyUnknown(ClearMLError):
    """The company whose id a tenant's file declares is not there."""

    def __init__(self, company_id: str) -> None:
        super().__init__(
            f"no company of this server has the id {company_id}, or it was deleted: correct `companyId`, "
            "or leave it out to have one found or made by name"
        )


class CompanyShared(ClearMLError):
    """The company that a tenant's file declares by its id, or takes with `adopt: true`, is another tenant's company."""

    def __init__(self, company_id: str, name: str, other_admin: str, *, by_id: bool = True) -> None:
        super().__init__(
            f"`companyId: {company_id}` is company {name!r}, the one of the tenant of {other_admin}: correct it, or "
            "leave it out; if that tenant is to have only the name, deploy this file first, without that one"
            if by_id
            else f"company {name!r} (id {company_id}) is the one of the tenant of {other_admin}, so it cannot be "
            "adopted: choose another name, or give that company another one first, in a run of its own"
        )


class NamePassedOn(ClearMLError):
    """A name goes from one company to another: which call comes first is open, and one of them could get both."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} goes from one company to another in this change: rename the one that has it in a "
            "run of its own first; of two that swap names, one takes a third name for that run"
        )


class CompanyVanished(ClearMLError):
    """A company we keep in the state is no longer on the server; making a new one would hide the loss."""

    def __init__(self, name: str, company_id: str) -> None:
        super().__init__(
            f"company {name!r} (id {company_id}) is not on the server any more: restore it from a backup; "
            "if it was deleted on purpose, remove the tenant's file and run `pulumi up` without a refresh"
        )


class CompanyDeleted(ClearMLError):
    """A company of that name was deleted, and what it has left behind stands in the way of a new one."""

    def __init__(self, name: str, company_id: str, why: str) -> None:
        super().__init__(f"a company {name!r} (id {company_id}) was deleted on this server, and {why}")


class CompanyRenamed(ClearMLError):
    """A company that is to be deleted is called otherwise by now: somebody still cares about it."""

    def __init__(self, name: str, company_id: str, now: str) -> None:
        super().__init__(
            f"company {name!r} (id {company_id}) was not deleted: somebody has renamed it {now!r}; run "
            "`pulumi refresh` to take that name over and `pulumi up` to delete it all the same, "
            "or put the tenant's file back with that name"
        )


class DeletionRefused(ClearMLError):
    """The server does not delete a company, most often because something of it still runs."""

    def __init__(self, name: str, company_id: str, said: str, running: str) -> None:
        todo = f"still there: {running}; " if running else ""
        super().__init__(
            f"company {name!r} (id {company_id}) was not deleted, the server says: {said}: {todo}stop what runs, wait "
            "until its workers have signed off, and run `pulumi up` again; or put the tenant's file back with "
            "`onRemove: keep`"
        )


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
