"""The API server: any kind by discovery, through the official client."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.plugins.errors import PluginError
from local.plugins.kubernetes.kinds import GroupKind
from local.plugins.kubernetes.kubeconfig import Kubeconfig, KubeconfigError, load
from local.plugins.kubernetes.settings import Settings

_CONNECT_SECONDS = 10.0


class ApiError(PluginError):
    """The API server's refusal: its HTTP status and its own one line."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(" ".join(message.split()))
        self.status = status


class UnknownKindError(PluginError):
    """The API server does not serve this kind (a CustomResourceDefinition is missing)."""


class Cluster:
    """Connects at its first use; one connection for all threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._dynamic: Any = None
        self._failure: PluginError | None = None
        self._private: Path | None = None

    def kubeconfig(self) -> Kubeconfig:
        """Raises KubeconfigError."""
        return load(self._settings)

    @property
    def default_namespace(self) -> str:
        try:
            return self.kubeconfig().namespace
        except KubeconfigError:
            return self._settings.namespace or "default"

    def reachable(self) -> bool:
        try:
            self._client()
        except PluginError:
            return False
        return True

    def require(self) -> None:
        """Raises PluginError, one line, if the cluster cannot be reached."""
        self._client()

    def serves(self, kind: GroupKind) -> bool:
        try:
            self._resource(kind)
        except PluginError:
            return False
        return True

    def namespaced(self, kind: GroupKind) -> bool:
        """Whether objects of this kind lie in a namespace; a kind nobody knows yet is taken for one that does."""
        if kind.namespaced is not None:
            return kind.namespaced
        try:
            return bool(self._resource(kind).namespaced)
        except PluginError:
            return True

    def get(self, kind: GroupKind, name: str, namespace: str | None) -> dict[str, Any] | None:
        """The live object, None if there is none. Raises PluginError."""
        try:
            return self._call(kind, "get", name=name, namespace=namespace)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def apply(
        self, kind: GroupKind, manifest: Mapping[str, Any], manager: str, force: bool = False, dry_run: bool = False
    ) -> dict[str, Any]:
        """Server-side apply as `manager`; gives the object as it then is. Raises PluginError."""
        metadata = manifest["metadata"]
        return self._call(
            kind,
            "server_side_apply",
            body=dict(manifest),
            name=metadata["name"],
            namespace=metadata.get("namespace"),
            field_manager=manager,
            force_conflicts=str(force).lower(),
            dry_run="All" if dry_run else None,
        )

    def delete(self, kind: GroupKind, name: str, namespace: str | None) -> None:
        """Start deleting; gone already is fine. Raises PluginError."""
        try:
            self._call(kind, "delete", name=name, namespace=namespace, propagation_policy="Foreground")
        except ApiError as error:
            if error.status != 404:
                raise

    def close(self) -> None:
        if self._private is not None:
            shutil.rmtree(self._private, ignore_errors=True)

    def _call(self, kind: GroupKind, verb: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        resource = self._resource(kind)
        try:
            answer = getattr(resource, verb)(**arguments)
        except _library("kubernetes.dynamic.exceptions").DynamicApiError as error:
            raise ApiError(error.status, str(error.summary())) from None
        except _library("urllib3").exceptions.HTTPError as error:
            raise PluginError(f"configured Kubernetes cluster is unreachable: {_reason(error)}") from None
        found: dict[str, Any] = answer.to_dict()
        return found

    def _resource(self, kind: GroupKind) -> Any:  # noqa: ANN401 - the client has no types
        client = self._client()
        with self._lock:
            try:
                return client.resources.get(api_version=kind.api_version, kind=kind.kind)
            except _library("kubernetes.dynamic.exceptions").ResourceNotFoundError:
                raise UnknownKindError(
                    f"the Kubernetes API server does not know {kind.kind} in {kind.api_version}: "
                    "create its CustomResourceDefinition first"
                ) from None

    def _client(self) -> Any:  # noqa: ANN401
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._dynamic is None:
                try:
                    self._dynamic = self._connect()
                except PluginError as failure:
                    # Remembered as the official plugin does: it looks once, when it is configured.
                    self._failure = failure
                    raise
            return self._dynamic

    def _connect(self) -> Any:  # noqa: ANN401
        kubernetes = _library("kubernetes")
        chosen = self.kubeconfig()
        self._private = Path(tempfile.mkdtemp(prefix="kubernetes-plugin-"))
        configuration = kubernetes.client.Configuration()
        configuration.retries = False
        try:
            kubernetes.config.load_kube_config_from_dict(
                dict(chosen.content),
                context=chosen.context,
                client_configuration=configuration,
                persist_config=False,
                temp_file_path=str(self._private),
            )
            api = kubernetes.client.ApiClient(configuration)
            kubernetes.client.VersionApi(api).get_code(_request_timeout=_CONNECT_SECONDS)
            return kubernetes.dynamic.DynamicClient(api, cache_file=str(self._private / "discovery.json"))
        except (
            _library("urllib3").exceptions.HTTPError,
            kubernetes.client.ApiException,
            kubernetes.config.ConfigException,
            OSError,
        ) as error:
            self.close()
            reason = f"{chosen.server} (context {chosen.context}): {_reason(error)}"
            raise PluginError(f"configured Kubernetes cluster is unreachable: {reason}") from None


def _library(name: str) -> Any:  # noqa: ANN401 - it has no types
    """Loaded at first use: it takes half a second, and a plugin that finds nothing changed has no need of it."""
    return importlib.import_module(name)


def _reason(error: Exception) -> str:
    """One short line out of the client's long ones."""
    status = getattr(error, "status", None)
    if status:
        return f"HTTP {status} {getattr(error, 'reason', '')}".strip()
    text = " ".join(str(error).split())
    return text.rsplit(": ", 1)[-1].strip("()'\" ") or type(error).__name__
