"""The API over HTTP: request in, answer out, faults in between, each call recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local.emulator.http.bodies import bomb, dripping
from local.emulator.http.body import Payload
from local.emulator.http.connection import Cut
from local.emulator.http.dispatch import Answer, answer, failure
from local.emulator.http.faults import Fault, Faults
from local.emulator.http.path import parse_path
from local.emulator.protocol.call import Call
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.server import Server
from local.emulator.protocol.version import Version
from local.emulator.store import calls

_UNPARSED = Version((1, 0))
_PAGE = "<html>\n<head><title>{0}</title></head>\n<body><h1>{0}</h1></body>\n</html>\n"


@dataclass(frozen=True)
class Application:
    """One ASGI application for all endpoints; calls are recorded only where somebody can read the record."""

    server: Server
    faults: Faults
    recording: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(Request(scope, receive))
        response.headers["server"] = "clearml"
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=200)
        encoding = request.headers.get("content-encoding")
        if encoding:
            return PlainTextResponse(f"Content encoding is not supported ({encoding})", status_code=415)
        content = await request.body()  # first of all, so that a cut connection always is one while reading
        call, error = self._call(request)
        fault = self.faults.take(call.name)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.pause)
        query = request.scope["query_string"].decode("latin-1")
        payload = Payload(query, request.headers.get("content-type", ""), content)
        if fault and fault.kind == "late" and error is None:
            self.faults.carry_out(fault.pause, lambda: answer(call, payload))
        response = _instead(fault, call)
        if response is None:
            given = failure(call, error) if error else answer(call, payload)
            response = _afterwards(fault, call, given) or self._response(call, given)
        self._record(call, response)
        return response

    def _call(self, request: Request) -> tuple[Call, ApiError | None]:
        headers = self._headers(request)
        address = request.client.host if request.client else "untrackable"
        highest = Version.parse(self.server.assumptions.highest_api_version)
        try:
            target = parse_path(request.scope["path"], highest, self.server.configuration)
        except ApiError as error:
            return Call(self.server, "", _UNPARSED, headers, address), error
        return Call(self.server, target.name, target.version, headers, address), None

    def _headers(self, request: Request) -> Mapping[str, str]:
        """The headers, with the session cookie as authorization where there is no other."""
        cookie = request.cookies.get(self.server.configuration.get("apiserver.auth.session_auth_cookie_name"))
        base = {"authorization": f"Bearer {cookie}"} if cookie else {}
        return {**base, **request.headers}

    def _response(self, call: Call, given: Answer) -> Response:
        response = JSONResponse(given.body, status_code=given.status)
        settings: dict[str, Any] = self.server.configuration.get("apiserver.auth.cookies") or {}
        for name, value in call.cookies.items():
            response.set_cookie(
                name,
                value or "",
                max_age=0 if value is None else settings.get("max_age"),
                domain=settings.get("domain"),
                httponly=True,
                samesite="lax",
            )
        return response

    def _record(self, call: Call, response: Response) -> None:
        if not self.recording:
            return
        who = call.known_identity
        status = None if isinstance(response, Cut) else response.status_code
        calls.record(call.database, call.name, (who.user, who.company) if who else (None, None), status)


def _instead(fault: Fault | None, call: Call) -> Response | None:
    """The answer of a fault that keeps the call from being run."""
    match fault.kind if fault else None:
        case "refuse":
            return Cut()
        case "error-before":
            return _server_error(call)
        case "rate-limit":
            headers = {"Retry-After": f"{fault.pause if fault else 0:g}"}
            return PlainTextResponse("Too Many Requests", status_code=429, headers=headers)
        case "html":
            return _page(502, "Bad Gateway")
        case "late":
            return _page(504, "Gateway Timeout")
        case _:
            return None


def _afterwards(fault: Fault | None, call: Call, given: Answer) -> Response | None:  # noqa: PLR0911 - a table
    """The answer of a fault that comes once the call has done its work."""
    if fault is None:
        return None
    body = bytes(JSONResponse(given.body).body)
    match fault.kind:
        case "error-after":
            return _server_error(call)
        case "lost-answer":
            return Cut()
        case "truncated":
            return Response(body[: len(body) // 2], status_code=given.status, media_type="application/json")
        case "drip":
            # With an encoding named, nothing on the way gathers the bytes to pack them.
            headers = {"Content-Encoding": "identity"}
            drops = dripping(body, fault.pause)
            return StreamingResponse(drops, given.status, headers, media_type="application/json")
        case "bomb":
            headers = {"Content-Encoding": "gzip"}
            return Response(bomb(body), given.status, headers, media_type="application/json")
        case _:
            return None


def _page(status: int, reason: str) -> Response:
    """What a proxy before the server says."""
    return Response(_PAGE.format(f"{status} {reason}"), status_code=status, media_type="text/html")


def _server_error(call: Call) -> Response:
    given = failure(call, ApiError(Kind.GENERAL))
    return JSONResponse(given.body, status_code=given.status)


def application(server: Server, faults: Faults, *, recording: bool) -> ASGIApp:
    """The whole API, compressing what the caller lets it compress."""
    return GZipMiddleware(Application(server, faults, recording), minimum_size=500)
