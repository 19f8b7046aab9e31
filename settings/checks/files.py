"""Warns where nobody says where tasks store their files: the public charts have a default, a cloud of ClearML's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting


@check("somebody says where tasks store their files")
def check_files(facts: Facts) -> Iterator[Finding]:
    """Off without another storage is a warning; off behind the back of the settings an error."""
    if (settings := facts.settings) is None:
        return
    fileserver = settings.server.extra_values.get("fileserver")
    if settings.files_url and isinstance(fileserver, Mapping) and fileserver.get("enabled") is False:
        text = "turns the file server off, and agents would still be sent there; take it out here, and write"
        fix = "server.fileserver: {externalUrl: s3://clearml-files}"
        yield Finding(setting("", "server.extraValues.fileserver.enabled"), f"{text} {fix}")
    if settings.files_url is None:
        text = "false leaves the place of tasks' files to the charts, whose default may be a cloud of ClearML's;"
        yield Finding(
            setting("", "server.fileserver.enabled"),
            f"{text} write externalUrl: s3://clearml-files in its place",
            WARNING,
        )
