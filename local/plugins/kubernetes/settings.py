"""The provider's own inputs, as the engine hands them over: text, JSON where they are not text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Empty text means unset; each switch may also be set by its PULUMI_K8S_… variable, as the official plugin does."""

    kubeconfig: str = ""
    context: str = ""
    cluster: str = ""
    namespace: str = ""
    patch_force: bool = False
    upsert: bool = False
    secret_mutable: bool = False
    config_map_mutable: bool = False
    delete_unreachable: bool = False

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Settings:
        def switch(name: str, variable: str) -> bool:
            return (variables.get(name) or os.environ.get(f"PULUMI_K8S_{variable}", "")) == "true"

        return cls(
            kubeconfig=variables.get("kubeconfig", ""),
            context=variables.get("context", ""),
            cluster=variables.get("cluster", ""),
            namespace=variables.get("namespace", ""),
            patch_force=switch("enablePatchForce", "ENABLE_PATCH_FORCE"),
            upsert=switch("upsertExistingObjects", "UPSERT_EXISTING_OBJECTS"),
            secret_mutable=switch("enableSecretMutable", "ENABLE_SECRET_MUTABLE"),
            config_map_mutable=switch("enableConfigMapMutable", "ENABLE_CONFIGMAP_MUTABLE"),
            delete_unreachable=switch("deleteUnreachable", "DELETE_UNREACHABLE"),
        )
