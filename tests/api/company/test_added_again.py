"""What becomes of a tenant that is added again after its company was deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.clearml.api.errors import ClearMLError
from components.clearml.run.company_refusals import CompanyDeleted
from components.clearml.run.refusals import UserTaken
from tests.api.leaving import activity, again, made, newer_server, remove


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("reusable", [True, False])
def test_a_tenant_added_again_after_its_company_was_deleted(
    tmp_path: Path, reusable: bool, listed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new company where the server allows it, said so; else one line. Never the deleted one, never two."""
    server = newer_server(tmp_path, deleted_names_reusable=reusable, deleted_companies_listed=listed)
    try:
        gone = made(server)
        company = gone.state["company"].id
        remove(gone)
        # Its admin's e-mail is still a user's, which is seen before a second company is made.
        with pytest.raises(CompanyDeleted if listed else UserTaken if reusable else ClearMLError) as caught:
            again(gone).up()
        assert "\n" not in str(caught.value)
        assert activity(gone) == [False]
        capsys.readouterr()
        other = again(gone, email=f"new-{gone.email}")
        if not reusable:
            with pytest.raises(CompanyDeleted if listed else ClearMLError, match="another name"):
                other.up()
            assert activity(gone) == [False]
            return
        other.up()
        assert other.state["company"].id != company
        assert activity(gone) == [False, True]
        if listed:
            assert f"is a new one: the one of that name (id {company}) was deleted" in capsys.readouterr().out
    finally:
        server.stop()
