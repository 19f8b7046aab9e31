"""Why a tenant's company is neither made, taken over, renamed nor deleted, although every call worked."""

# ruff: noqa: N818 - a cause is named by what was found

from __future__ import annotations

from collections.abc import Iterable

from components.clearml.api.errors import ClearMLError
from components.clearml.run.refusals import listed


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
