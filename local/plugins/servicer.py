"""The engine's provider protocol, translated into calls on a `Provider`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2

from local.plugins.contract import Difference, Kind, Operation, Provider, Subject
from local.plugins.difference import compare, path_text
from local.plugins.errors import PluginError
from local.plugins.properties import decode, encode

# The protocol's messages come without types.
Message: TypeAlias = Any
_Method = TypeVar("_Method", bound=Callable[..., Any])

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


def _answering(method: _Method) -> _Method:
    """Turn our errors into the protocol's; anything else is a fault of ours and says so in one line, no traceback."""

    @functools.wraps(method)
    def answer(self: Servicer, request: Message, context: grpc.ServicerContext) -> Message:
        try:
            return method(self, request, context)
        except PluginError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except Exception as error:  # noqa: BLE001 - the engine must get an answer
            where = f"stand-in plugin {self.provider.name}, {method.__name__}"
            context.abort(grpc.StatusCode.UNKNOWN, f"{where}: unexpected {type(error).__name__}: {error}")

    return answer  # type: ignore[return-value]


def _subject(request: Message) -> Subject:
    _, _, rest = request.urn.partition("::")
    token = rest.split("::")[1].rsplit("$", 1)[-1]
    return Subject(request.urn, token, rest.split("::", 2)[2])


class Servicer(ResourceProviderServicer):
    """One per plugin process; methods are named by the protocol."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def GetPluginInfo(self, _request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        return proto.PluginInfo(version=self.provider.version)

    def CheckConfig(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        return proto.CheckResponse(inputs=request.news)

    @_answering
    def DiffConfig(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        olds, news = decode(request.old_inputs or request.olds), decode(request.news)
        changed = {str(entry.path[0]) for entry in compare(olds, news)}
        replaces = sorted(changed.intersection(self.provider.config_replaces(olds, news)))
        changes = proto.DiffResponse.DIFF_SOME if changed else proto.DiffResponse.DIFF_NONE
        return proto.DiffResponse(changes=changes, replaces=replaces, diffs=sorted(changed))

    @_answering
    def Configure(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        prefix = f"{self.provider.name}:config:"
        self.provider.configure({key.removeprefix(prefix): value for key, value in request.variables.items()})
        return proto.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @_answering
    def Check(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        operation = Operation(_subject(request), decode(request.news), old_inputs=decode(request.olds))
        checked = self._kind(operation).check(operation)
        failures = [proto.CheckFailure(property=name, reason=reason) for name, reason in checked.failures]
        return proto.CheckResponse(inputs=encode(checked.inputs), failures=failures)

    @_answering
    def Diff(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        operation = _on_existing(request, inputs=request.news, state=request.olds)
        found = self._kind(operation).diff(operation)
        detailed = {path_text(entry.path): _property_diff(entry) for entry in found.entries}
        return proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME if detailed else proto.DiffResponse.DIFF_NONE,
            replaces=[path_text(entry.path) for entry in found.entries if entry.replace],
            diffs=sorted({str(entry.path[0]) for entry in found.entries}),
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )

    @_answering
    def Create(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        operation = Operation(_subject(request), decode(request.properties), preview=request.preview)
        identifier, state = self._kind(operation).create(operation)
        return proto.CreateResponse(id="" if request.preview else identifier, properties=encode(state))

    @_answering
    def Read(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        operation = Operation(
            _subject(request),
            identifier=request.id,
            old_inputs=decode(request.inputs),
            state=decode(request.properties),
        )
        found = self._kind(operation).read(operation)
        if found is None:
            return proto.ReadResponse(id="")
        return proto.ReadResponse(id=found.identifier, properties=encode(found.state), inputs=encode(found.inputs))

    @_answering
    def Update(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        operation = _on_existing(request, inputs=request.news, state=request.olds, preview=request.preview)
        return proto.UpdateResponse(properties=encode(self._kind(operation).update(operation)))

    @_answering
    def Delete(self, request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        operation = _on_existing(request, state=request.properties)
        self._kind(operation).delete(operation)
        return empty_pb2.Empty()

    def Cancel(self, _request: Message, _context: grpc.ServicerContext) -> Message:  # noqa: N802
        return empty_pb2.Empty()

    def _kind(self, operation: Operation) -> Kind:
        return self.provider.kind(operation.subject.token)


def _on_existing(
    request: Message,
    state: struct_pb2.Struct,
    inputs: struct_pb2.Struct | None = None,
    preview: bool = False,
) -> Operation:
    return Operation(
        _subject(request),
        decode(inputs) if inputs is not None else {},
        request.id,
        decode(request.old_inputs),
        decode(state),
        preview,
    )


def _property_diff(entry: Difference) -> Message:
    return provider_pb2.PropertyDiff(kind=_KINDS[(entry.change, entry.replace)], inputDiff=True)
