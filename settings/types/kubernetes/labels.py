"""Names and values of labels, and of resources that a node has: Kubernetes' own rules for them."""

from __future__ import annotations

from typing import Annotated

from settings.types.texts import Holds, matching

_PART = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"(?=[^/]{{1,253}}/){_PART}(?:\.{_PART})*/"
_QUALIFIED = rf"(?:{_DOMAIN})?{_NAME}"

LabelKey = Annotated[
    str,
    Holds("a label's name"),
    matching(
        _QUALIFIED,
        "is no label's name: at most 63 letters, digits, - _ and . behind a domain and /; write it like "
        "app.kubernetes.io/name",
    ),
]
LabelValue = Annotated[
    str,
    Holds("a label's value"),
    matching(
        rf"(?:{_NAME})?",
        "is no label's value: at most 63 letters, digits, - _ and . ; write it like ingress-nginx",
    ),
]
ResourceName = Annotated[
    str,
    Holds("a resource's name"),
    matching(_QUALIFIED, "is no name of a resource; write it like requests.example.com/gpu"),
]
# What a node has beside its own: a name behind a domain.
ExtendedResource = Annotated[
    str,
    Holds("a node's resource, behind a domain"),
    matching(_DOMAIN + _NAME, "is no name of a node's resource; write it like nvidia.com/gpu"),
]
LoadBalancerClass = Annotated[
    str,
    Holds("a load balancer's class"),
    matching(_QUALIFIED, "is no class of load balancers; write it like example.com/internal"),
]
