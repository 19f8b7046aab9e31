"""Any Kubernetes object: checked, compared, applied, awaited, read and deleted."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from local.plugins.contract import Checked, Difference, Differences, Found, Operation
from local.plugins.difference import compare
from local.plugins.errors import PartlyMadeError, PluginError
from local.plugins.kubernetes.cluster import ApiError, Cluster, UnknownKindError
from local.plugins.kubernetes.drift import inputs_after, inputs_of
from local.plugins.kubernetes.immutable import replaces
from local.plugins.kubernetes.kinds import GroupKind
from local.plugins.kubernetes.manifest import (
    AUTONAMED,
    annotation,
    checked_inputs,
    identifier,
    split,
    state_of,
    without_server_fields,
)
from local.plugins.kubernetes.ready import not_ready
from local.plugins.kubernetes.settings import Settings
from local.plugins.properties import Properties, has_unknown, marked_like, mask, plain, secret_texts

_USUAL_SECONDS = 600.0
_POLL_SECONDS = 0.2
# Objects are made side by side: a namespace or a kind that is missing now may be there in a moment.
_TRIES = 5
_FIRST_WAIT_SECONDS = 0.5
_MANAGER = "__fieldManager"
_CONFLICT = "someone else manages a field (pulumi.com/patchForce or enablePatchForce takes it over)"


class Objects:
    """A `Kind` for every object of one group and kind."""

    def __init__(self, kind: GroupKind, cluster: Cluster, settings: Settings, canceled: threading.Event) -> None:
        self._kind = kind
        self._cluster = cluster
        self._settings = settings
        self._canceled = canceled

    def check(self, operation: Operation) -> Checked:
        namespace = self._cluster.default_namespace if self._cluster.namespaced(self._kind) else None
        return Checked(checked_inputs(self._kind, operation, namespace))

    def diff(self, operation: Operation) -> Differences:
        olds = without_server_fields(operation.old_inputs or inputs_of(plain(operation.state)))
        news = without_server_fields(operation.inputs)
        entries = [self._judged(entry) for entry in compare(olds, news, olds)]
        same_place = split(olds) == split(news) and annotation(news, AUTONAMED) != "true"
        return Differences(entries, delete_first=same_place and any(entry.replace for entry in entries))

    def create(self, operation: Operation) -> tuple[str, Properties]:
        if operation.preview:
            return "", self._previewed(operation, fresh=True)
        manifest = plain(operation.inputs)
        manager = annotation(manifest, "pulumi.com/patchFieldManager") or f"pulumi-kubernetes-{secrets.token_hex(4)}"
        with self._masking(operation):
            self._cluster.require()
            if self._live(manifest) is not None and not self._settings.upsert:
                raise PluginError(
                    f"{self._told(manifest)} was not created: it already exists in the cluster; import it, or set "
                    "upsertExistingObjects on the provider to take it over"
                )
            live = self._patiently(lambda: self._apply(manifest, manager))
            return identifier(live), self._awaited(operation, live, manager, "was created, but is not ready")

    def update(self, operation: Operation) -> Properties:
        if operation.preview:
            return self._previewed(operation, fresh=False)
        manifest = plain(operation.inputs)
        manager = self._manager(operation)
        with self._masking(operation):
            self._cluster.require()
            if self._live(manifest) is None:
                raise PluginError(f"update of {self._told(manifest)} failed: not found; `pulumi refresh` notices")
            live = self._apply(manifest, manager)
            return self._awaited(operation, live, manager, "was updated, but is not ready")

    def read(self, operation: Operation) -> Found | None:
        namespace, _, name = operation.identifier.rpartition("/")
        try:
            self._cluster.require()
        except PluginError:
            if self._settings.delete_unreachable:
                return None
            raise
        try:
            live = self._cluster.get(self._kind, name, namespace or None)
        except UnknownKindError:
            return None
        if live is None:
            return None
        inputs = operation.old_inputs
        if inputs:
            after = inputs_after(plain(inputs), plain(operation.state), live)
            inputs = marked_like(after, inputs)
        else:
            inputs = inputs_of(live)
        return Found(operation.identifier, state_of(self._kind, live, inputs, self._manager(operation)), inputs)

    def delete(self, operation: Operation) -> None:
        try:
            self._cluster.require()
        except PluginError:
            if self._settings.delete_unreachable:
                return
            raise
        namespace, _, name = operation.identifier.rpartition("/")
        try:
            live = self._cluster.get(self._kind, name, namespace or None)
        except UnknownKindError:
            return
        if live is None:
            return
        self._cluster.delete(self._kind, name, namespace or None)
        self._until_gone(live["metadata"]["uid"], name, namespace, operation.timeout or _USUAL_SECONDS)

    def _judged(self, entry: Difference) -> Difference:
        return Difference(entry.path, entry.change, replaces(self._kind, entry.path, self._settings), entry.of_inputs)

    def _told(self, manifest: Mapping[str, Any]) -> str:
        return f"{self._kind.kind} {identifier(manifest)}"

    def _live(self, manifest: Mapping[str, Any]) -> dict[str, Any] | None:
        namespace, name = split(manifest)
        try:
            return self._cluster.get(self._kind, name, namespace)
        except UnknownKindError:
            return None

    def _manager(self, operation: Operation) -> str:
        known = plain(operation.state.get(_MANAGER))
        return annotation(plain(operation.inputs), "pulumi.com/patchFieldManager") or str(known or "pulumi-kubernetes")

    def _apply(self, manifest: dict[str, Any], manager: str, dry_run: bool = False) -> dict[str, Any]:
        force = dry_run or self._settings.patch_force or annotation(manifest, "pulumi.com/patchForce") == "true"
        return self._cluster.apply(self._kind, without_server_fields(manifest), manager, force, dry_run)

    def _previewed(self, operation: Operation, fresh: bool) -> Properties:
        """The inputs, shown to the API server where it can judge them: only its refusal of their content counts."""
        manifest = plain(operation.inputs)
        if has_unknown(manifest) or not self._cluster.reachable() or not self._cluster.serves(self._kind):
            return operation.inputs
        with self._masking(operation):
            if (self._live(manifest) is None) == fresh:
                try:
                    self._apply(manifest, self._manager(operation), dry_run=True)
                except ApiError as error:
                    if error.status in {400, 422} and "dry run" not in str(error):
                        raise
        return operation.inputs

    def _patiently(self, attempt: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        wait = _FIRST_WAIT_SECONDS
        for _ in range(_TRIES - 1):
            try:
                return attempt()
            except UnknownKindError:
                pass
            except ApiError as error:
                if error.status != 404:
                    raise
            if self._canceled.wait(wait):
                break
            wait *= 2
        return attempt()

    def _awaited(self, operation: Operation, live: dict[str, Any], manager: str, failure: str) -> Properties:
        deadline = time.monotonic() + (operation.timeout or _USUAL_SECONDS)
        while (reason := not_ready(self._kind, live)) is not None:
            stopped = self._canceled.wait(_POLL_SECONDS)
            if stopped or time.monotonic() > deadline:
                state = state_of(self._kind, live, operation.inputs, manager)
                told = "canceled" if stopped else f"timed out, {reason}"
                raise PartlyMadeError(f"{self._told(live)} {failure}: {told}", identifier(live), state)
            live = self._live(live) or live
        return state_of(self._kind, live, operation.inputs, manager)

    def _until_gone(self, uid: str, name: str, namespace: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (live := self._cluster.get(self._kind, name, namespace or None)) is not None:
            if live["metadata"]["uid"] != uid:
                return
            if self._canceled.wait(_POLL_SECONDS) or time.monotonic() > deadline:
                left = ", ".join(live["metadata"].get("finalizers") or []) or "none"
                raise PluginError(f"{self._told(live)} is still being deleted (finalizers: {left})")

    def _masking(self, operation: Operation) -> Masking:
        return Masking(secret_texts(operation.inputs))


class Masking:
    """Hides secrets in what the API server says: it quotes bad values."""

    def __init__(self, texts: set[str]) -> None:
        self._texts = texts

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, ApiError):
            return
        hint = "" if error.status != 409 else f"{_CONFLICT}: "
        raise PluginError(hint + mask(str(error), self._texts)) from None
