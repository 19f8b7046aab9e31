"""The engine's language protocol: which plugins the program needs, and running it."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading
from importlib import metadata
from pathlib import Path
from typing import Any, TypeAlias

import grpc
from pulumi.runtime.proto import LanguageRuntimeServicer, language_pb2, plugin_pb2

from local.plugins.language import program
from local.plugins.language.environment import EnvironmentMissingError, installed, python_of, required_plugins

# The protocol's messages come without types.
Message: TypeAlias = Any


class Host(LanguageRuntimeServicer):
    """Each run of the program is a process of its own, with the Python of the project's virtual environment."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def GetPluginInfo(self, _request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def About(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        try:
            python = str(python_of(request.info))
        except EnvironmentMissingError:
            python = sys.executable
        return language_pb2.AboutResponse(executable=python, version=platform.python_version())

    def GetRequiredPlugins(self, _request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802
        packages = [
            plugin_pb2.PackageDependency(name=name, kind="resource", version=version, server=server)
            for name, version, server in required_plugins(_python(request, context))
        ]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def GetProgramDependencies(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802
        dependencies = [
            language_pb2.DependencyInfo(name=name, version=version)
            for name, version in installed(_python(request, context))
        ]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def InstallDependencies(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802
        """Nothing to install: `make` has made the virtual environment, or it is missing and says so."""
        yield language_pb2.InstallDependenciesResponse(stdout=f"using {_python(request, context)}\n".encode())

    def RuntimeOptionsPrompts(self, _request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        return language_pb2.RuntimeOptionsResponse()

    def Run(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802
        python = _python(request, context)
        # Configuration holds secrets: it goes through a pipe, since arguments can be read by every user.
        # In a group of its own, or the engine's interrupt would make it tell where it was just then.
        process = subprocess.Popen(
            [python, "-u", program.__file__, self._engine],
            cwd=request.pwd or None,
            stdin=subprocess.PIPE,
            process_group=0,
        )
        with self._lock:
            self._running.add(process)
        try:
            process.communicate(request.SerializeToString())
        finally:
            with self._lock:
                self._running.discard(process)
        if process.returncode == program.TOLD:
            return language_pb2.RunResponse(bail=True)
        if process.returncode != 0:
            return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {process.returncode}")
        return language_pb2.RunResponse()

    def stop(self) -> None:
        with self._lock:
            for process in self._running:
                process.kill()


def _python(request: Message, context: grpc.ServicerContext) -> Path:
    try:
        return python_of(request.info)
    except EnvironmentMissingError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        raise
