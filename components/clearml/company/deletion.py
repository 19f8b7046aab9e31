"""Deletes a company where the server can (contract 2.2), and says how to where it cannot or may not be asked to.

Never forced, and never while a file asks for it: a renamed tenant's file is a new resource on the same company, and the
old one is deleted last, perhaps by a later run than the one that made the new. In every run the program says first what
it declares; should it not have said all (`--target`), live keys still tell.
"""

from __future__ import annotations

import shlex

from components.clearml.api.calls import credentials, tenants, users
from components.clearml.api.errors import FailedCall, InvalidRequest
from components.clearml.api.log import log
from components.clearml.api.models import CompanyInfo
from components.clearml.run.company_refusals import CompanyRenamed, DeletionRefused
from components.clearml.run.refusals import NotApplied, listed
from components.clearml.run.session import Session

_DECLARED = "another tenant's file has it now"


def keep(session: Session, company_id: str, name: str, admin_email: str) -> None:
    """Say that the company stays, and what would delete it; or that it is gone already."""
    if _said_gone(name, company_id, there=session.cache.has_company(company_id)):
        return
    if _declared(session, company_id, name, admin_email):
        log(f"company {name!r} (id {company_id}) stays as it is: {_DECLARED}")
        return
    log(f"company {name!r} (id {company_id}) was kept on the server, with its users and its data")
    _say_how(company_id, name)


def delete(session: Session, company_id: str, name: str, admin_email: str) -> None:
    """Ask for the soft deletion by id and name. Raises CompanyRenamed, DeletionRefused, NotApplied, FailedCall."""
    what = f"company {name!r} (id {company_id})"
    company = _active(session, company_id)
    if _said_gone(name, company_id, there=company is not None) or company is None:
        return
    if _declared(session, company_id, name, admin_email):
        log(f"{what} stays as it is: {_DECLARED}")
        return
    why = _why_not(session, company_id, admin_email)
    if why:
        log(f"{what} was kept on the server although its file said `onRemove: delete`: {why}")
        _say_how(company_id, name)
        return
    if company.name != name:
        raise CompanyRenamed(name, company_id, company.name)
    _ask(session, company)
    log(f"{what} was deleted on the server; nobody can sign in to it, its data is still stored")
    _say_how(company_id, name)


def _declared(session: Session, *known_by: str) -> bool:
    return session.intent is not None and any(each.casefold() in session.intent.managed_companies for each in known_by)


def _said_gone(name: str, company_id: str, *, there: bool | None) -> bool:
    if there is False:
        log(f"company {name!r} (id {company_id}) was deleted on the server already: nothing was done to it")
    return there is False


def _active(session: Session, company_id: str) -> CompanyInfo | None:
    every = session.cache.every_company(fresh=True)
    return next((each for each in every if each.id == company_id and each.active is not False), None)


def _why_not(session: Session, company_id: str, admin_email: str) -> str | None:
    """What speaks against it although everything of this tenant's has been taken away by now."""
    if not session.cache.offers(tenants.DELETE):
        return f"this server does not offer {tenants.DELETE}"
    admin = users.by_email(session.client, admin_email)
    if admin is None or session.cache.home_of(admin.id) != company_id:
        return None
    held = credentials.of_user(session.client, admin.id)
    return f"{admin_email} still has keys ({listed(key.label or key.access_key for key in held)})" if held else None


def _ask(session: Session, company: CompanyInfo) -> None:
    client, company_id = session.client, company.id

    def write() -> bool:
        try:
            tenants.delete(client, company_id, company.name)
        except InvalidRequest as refusal:
            raise DeletionRefused(
                company.name, company_id, refusal.failure.message, _running(session, company_id)
            ) from None
        return True

    session.write_and_verify(write, lambda: None if _active(session, company_id) else True)
    if _active(session, company_id):
        raise NotApplied(f"company {company_id}", "deletion", "done", "that the company is active")


def _running(session: Session, company_id: str) -> str:
    """What runs, for a refusal's text; the refusal itself is told in any case."""
    try:
        found = tenants.running(session.client, company_id)
    except FailedCall:
        return ""
    return listed(f"{count} {what.replace('_', ' ')}" for what, count in found.items() if count)


def _say_how(company_id: str, name: str) -> None:
    """The documented way to delete a company for good, filled in (contract 6.2); each line can stand alone."""
    job = "PYTHONPATH=../trains-server-repo python3 -m jobs.management"
    for line in (
        f"to delete company {company_id} for good, which nothing undoes: make a backup, run the next three lines",
        f"in the apiserver's pod: {job}.delete_company_data_from_mongo --id {company_id} --name {shlex.quote(name)}"
        " --delete-user",
        f"in the apiserver's pod: {job}.cleanup_deleted_companies --ids {company_id} --delete-company",
        f"in the fileserver's pod: rm -r /mnt/fileserver/{company_id}",
    ):
        log(line)
