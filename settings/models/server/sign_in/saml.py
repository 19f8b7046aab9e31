"""Identity providers that speak SAML (contract 3.2)."""

from __future__ import annotations

import re
from typing import Annotated
from xml.etree import ElementTree

from pydantic import AfterValidator, Field, model_validator

from settings.models.server.sign_in.parts import GroupedProvider
from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds
from settings.types.vocabulary import Text

_PATH = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")
_METADATA = re.compile(r"\s*<(?:\?xml|!--|[\w:]*EntityDescriptor\b)")


def _metadata(text: str) -> str:
    if _ADDRESS.match(text):
        raise ValueError(
            f"{quoted(text)} is an address, and the server reads none; open it, and write what it shows as metadata"
        )
    if not _METADATA.match(text) or "EntityDescriptor" not in text or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError(
            "is no metadata of a SAML provider: XML with an EntityDescriptor, and no DOCTYPE; "
            "write what the provider offers as metadata.xml"
        )
    if "PRIVATE KEY" in text:
        raise ValueError("holds a private key (not shown); write what the provider offers to others as metadata.xml")
    try:
        # What could make it read or grow for ever, a DOCTYPE, is refused above.
        ElementTree.fromstring(text.strip())  # noqa: S314
    except ElementTree.ParseError as cause:
        line = cause.position[0]
        raise ValueError(
            f"is not whole: XML ends or breaks in its line {line}; write all that the provider offers as metadata.xml"
        ) from None
    return text


def _container_path(text: str) -> str:
    if not _PATH.fullmatch(text):
        raise ValueError(
            "is no path in the apiserver's container; write it like /opt/clearml/config/default/metadata.xml"
        )
    return text


class Saml(GroupedProvider):
    """The provider's metadata holds its certificates and addresses, and no secret."""

    entity_id: Text = Field(description="The id under which the provider knows ClearML.", examples=["clearml"])
    metadata: Annotated[str, Holds("XML of a SAML provider"), AfterValidator(_metadata)] | None = Field(
        default=None,
        description="The provider's metadata as text; the apiserver gets it as a file.",
        examples=["'<EntityDescriptor entityID=\"https://idp.example.com\"><IDPSSODescriptor/></EntityDescriptor>'"],
    )
    metadata_file: Annotated[str, Holds("a path in the container"), AfterValidator(_container_path)] | None = Field(
        default=None,
        description="Where the metadata is in the apiserver's container, if you mount it yourself.",
        examples=["/opt/clearml/config/default/metadata.xml"],
    )

    @model_validator(mode="after")
    def _one_source(self) -> Saml:
        if (self.metadata is None) == (self.metadata_file is None):
            raise ValueError("needs either metadata or metadataFile; write one of the two")
        return self
