"""Warns where nobody says where tasks store their files: the public charts have a default, a cloud of ClearML's."""

from __future__ import annotations

from collections.abc import Iterator

from settings.complaint import Complaint
from settings.models.stack import StackSettings


def check_files(settings: StackSettings) -> Iterator[Complaint]:
    """One warning where the file server is off and no other storage is named."""
    if settings.files_url is None:
        text = "false leaves the place of tasks' files to the charts, whose default may be a cloud of ClearML's;"
        yield Complaint(
            "", "server.fileserver.enabled", f"{text} write externalUrl: s3://clearml-files in its place", stops=False
        )
