"""The system key goes where the reviewed file says, and never in the clear."""

from __future__ import annotations

import pytest

from settings.errors import ConfigurationError
from settings.loading.api_url import check_api_url, check_authority, override_of
from tests.unit.facts import facts

_URL = "https://api.clearml.example.com"


@pytest.mark.parametrize("url", ["http://api.clearml.example.com", "http://10.0.0.7:8008", "http://clearml.svc:8008"])
def test_an_address_without_tls_is_refused_to_a_real_stack(url: str) -> None:
    (fault,) = check_api_url(facts(name="prod", api_url=url))
    assert str(fault).startswith(
        f"config/Pulumi.prod.yaml: clearml-tenants:apiUrl: '{url}' sends the system key in the"
    )
    assert list(check_api_url(facts(name="local", api_url=url))) == []


@pytest.mark.parametrize("url", [_URL, "http://127.0.0.1:8008", "http://localhost:8008"])
def test_tls_and_this_machine_are_fine(url: str) -> None:
    assert list(check_api_url(facts(name="prod", api_url=url))) == []


@pytest.mark.parametrize(
    "url",
    ["https://evil.example", "http://evil.example", f"{_URL}.evil.example", "http://api.clearml.example.com", "x"],
)
def test_a_variable_leads_to_no_other_machine(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^CLEARML_API_URL: leads to [^\n]*the system key would go there"):
        override_of("prod", _URL, {"CLEARML_API_URL": url})


def test_a_variable_that_leads_to_this_machine_is_told_and_no_other() -> None:
    assert override_of("prod", _URL, {}) == override_of("prod", _URL, {"CLEARML_API_URL": f"{_URL}/"}) == ""
    assert override_of("local", "http://127.0.0.1:8008", {"CLEARML_API_URL": "http://elsewhere"}) == ""
    told = override_of("prod", _URL, {"CLEARML_API_URL": "http://127.0.0.1:9"})
    assert told == f"CLEARML_API_URL leads to http://127.0.0.1:9 on this machine, in place of the stack's apiUrl {_URL}"


def test_an_authority_that_only_this_machine_may_have_is_told() -> None:
    (told,) = check_authority(facts(name="prod", api_ca_file="/etc/ssl/ours.pem"))
    assert not told.is_error
    assert "'/etc/ssl/ours.pem' is no file of this project: each machine that runs this stack" in str(told)
    assert list(check_authority(facts(name="prod", api_ca_file="config/authorities/ours.pem"))) == []
    assert list(check_authority(facts(name="prod"))) == []
