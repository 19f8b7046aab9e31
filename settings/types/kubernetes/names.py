"""Names of namespaces, Helm releases and what runs in them: Kubernetes' own rules, and room for what is put behind."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds, matching
from settings.types.vocabulary import DNS_LABEL
from settings.types.yaml_words.unquoted import refuse_word

_KUBERNETES_NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_NAME_LENGTH = 63
_RELEASE_LENGTH = 53
_WORKER_LENGTH = 20
_TENANT_LENGTH = _RELEASE_LENGTH - len("-gateway")


def tenant_name(text: str) -> str:
    """The tenant's file name, legal as a namespace and in a Helm release `<tenant>-gateway`. Raises ValueError."""
    if len(text) > _TENANT_LENGTH or not _KUBERNETES_NAME.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is not a tenant's name: a lower-case letter, then lower-case letters, digits and -, "
            f"at most {_TENANT_LENGTH} characters; call the file like acme.yaml"
        )
    if text == "default" or text.startswith("kube-"):
        raise ValueError(f"{quoted(text)} is a namespace of Kubernetes itself; call the file like acme.yaml")
    return text


def _namespace(text: str) -> str:
    if text.startswith("kube-"):
        raise ValueError(f"{quoted(text)} is a namespace of Kubernetes itself; write it like clearml")
    if len(text) > _NAME_LENGTH or not _KUBERNETES_NAME.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a namespace's name; write it like clearml")
    refuse_word(text, "clearml")
    return text


def _release(text: str) -> str:
    if len(text) > _RELEASE_LENGTH or not _KUBERNETES_NAME.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a Helm release's name; write it like clearml-enterprise")
    refuse_word(text, "clearml-enterprise")
    return text


def _worker(text: str) -> str:
    if len(text) > _WORKER_LENGTH or not _KUBERNETES_NAME.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is not the name of an agent or a gateway: a lower-case letter, then lower-case letters, "
            f"digits and -, at most {_WORKER_LENGTH} characters; write it like gpu"
        )
    return text


Namespace = Annotated[str, Holds("a namespace"), AfterValidator(_namespace)]
# One that exists already: Kubernetes' own too, and names that begin with a digit.
AnyNamespace = Annotated[
    str,
    Holds("a namespace"),
    matching(DNS_LABEL, "is not a namespace's name; write it like kube-system"),
]
ReleaseName = Annotated[str, Holds("a Helm release's name"), AfterValidator(_release)]
WorkerName = Annotated[str, Holds("a name in lower case, of at most 20 characters"), AfterValidator(_worker)]
