"""Names and values of labels, and of resources that a node has: Kubernetes' own rules for them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from settings.types.secrets.url_login import quoted

_PART = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_QUALIFIED = re.compile(rf"(?:(?=[^/]{{1,253}}/){_PART}(?:\.{_PART})*/)?{_NAME}")
_VALUE = re.compile(rf"(?:{_NAME})?")


def _label_key(text: str) -> str:
    if not _QUALIFIED.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is no label's name: at most 63 letters, digits, - _ and . behind a domain and /; write it "
            "like app.kubernetes.io/name"
        )
    return text


def _label_value(text: str) -> str:
    if not _VALUE.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is no label's value: at most 63 letters, digits, - _ and . ; write it like ingress-nginx"
        )
    return text


def _resource_name(text: str) -> str:
    if not _QUALIFIED.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no name of a resource; write it like requests.example.com/gpu")
    return text


def _extended_resource(text: str) -> str:
    """What a node has beside its own: a name behind a domain."""
    if "/" not in text or not _QUALIFIED.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no name of a node's resource; write it like nvidia.com/gpu")
    return text


def _load_balancer_class(text: str) -> str:
    if not _QUALIFIED.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no class of load balancers; write it like example.com/internal")
    return text


LabelKey = Annotated[str, AfterValidator(_label_key)]
LabelValue = Annotated[str, AfterValidator(_label_value)]
ResourceName = Annotated[str, AfterValidator(_resource_name)]
ExtendedResource = Annotated[str, AfterValidator(_extended_resource)]
LoadBalancerClass = Annotated[str, AfterValidator(_load_balancer_class)]
