"""An address without its scheme is told as it is to be written, and not by somebody else's host."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from settings.types.urls import EndpointUrl, ProviderUrl, ServerUrl, Url


@pytest.mark.parametrize(
    ("kind", "written", "like"),
    [
        (Url, "api.corp.example", "https://api.corp.example"),
        (Url, "api.corp.example:8443", "https://api.corp.example:8443"),
        (EndpointUrl, "idp.corp.example/token", "https://idp.corp.example/token"),
        (ProviderUrl, "corp.okta.example/oauth2", "https://corp.okta.example/oauth2"),
        (ServerUrl, "api.corp.example/x", "https://api.corp.example/x"),
        (ServerUrl, "api.clearml.svc:8008", "http://api.clearml.svc:8008"),
        (Url, "http:/api.corp.example", "https://api.clearml.example.com"),
        (EndpointUrl, "http://idp.corp.example/token", "https://idp.example.com/realms/acme/token"),
        (ServerUrl, "a b", "https://api.clearml.example.com"),
    ],
)
def test_the_fix_is_the_very_value_with_its_scheme(kind: Any, written: str, like: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(written)
    (error,) = refused.value.errors()
    told = str(error["ctx"]["error"])
    assert told.partition("; write it like ")[2].partition(" or ")[0] == like
    assert told.startswith(repr(written))
