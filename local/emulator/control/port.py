"""The control port: what a test or a benchmark may look at and do beside the API. Loopback only, off by default.

`GET`, `DELETE /state` (then it is as after a first start); `GET`, `DELETE /calls`; `GET`, `PUT /faults`. Test doors,
for what happens outside the API: `POST /sign-in {"email"}`: somebody signs in; `PUT /membership {"user", "groups"}`: an
admin changes groups in the web interface; `PUT /workers {"company", "connected"}`: agents of a tenant come and go;
`PUT /companies {"company", "active"}`: an administrator deletes a company by its id, or restores it, also on a server
without `tenants.delete_tenant`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.emulator.control.sign_in import SignInError, sign_in
from local.emulator.control.state import state
from local.emulator.http.faults import FaultError, Faults, read_faults
from local.emulator.protocol.server import Server
from local.emulator.startup import start_anew
from local.emulator.store import calls, companies, users

Handler = Callable[[Request], Awaitable[Response]]


class _DoorError(ValueError):
    """The request to a test door is not understood; one line."""


def control(server: Server, faults: Faults) -> Starlette:
    """The control port's application."""
    routes = [*_views(server, faults), *_fault_routes(faults), *_doors(server)]
    refused = dict.fromkeys((FaultError, SignInError, _DoorError), _refuse)
    return Starlette(routes=routes, exception_handlers=refused)


def _views(server: Server, faults: Faults) -> list[Route]:
    async def get_state(_: Request) -> Response:
        return JSONResponse(state(server))

    async def delete_state(_: Request) -> Response:
        faults.forget_late()
        start_anew(server)
        return JSONResponse({})

    async def get_calls(_: Request) -> Response:
        return JSONResponse({"calls": calls.every(server.database)})

    async def delete_calls(_: Request) -> Response:
        calls.clear(server.database)
        return JSONResponse({})

    return [
        Route("/state", get_state, methods=["GET"]),
        Route("/state", delete_state, methods=["DELETE"]),
        Route("/calls", get_calls, methods=["GET"]),
        Route("/calls", delete_calls, methods=["DELETE"]),
    ]


def _fault_routes(faults: Faults) -> list[Route]:
    async def get_faults(_: Request) -> Response:
        return JSONResponse([asdict(fault) for fault in faults.waiting()])

    async def put_faults(request: Request) -> Response:
        faults.replace(read_faults(await request.body()))
        return JSONResponse({})

    return [Route("/faults", get_faults, methods=["GET"]), Route("/faults", put_faults, methods=["PUT"])]


def _doors(server: Server) -> list[Route]:
    async def post_sign_in(request: Request) -> Response:
        (email,) = await _fields(request, email=str)
        return JSONResponse(sign_in(server, email))

    async def put_membership(request: Request) -> Response:
        user, groups = await _fields(request, user=str, groups=list)
        if not users.set_groups(server.database, user, groups):
            raise _DoorError(f"user {user} is unknown")
        return JSONResponse({})

    async def put_workers(request: Request) -> Response:
        company, connected = await _fields(request, company=str, connected=int)
        if not companies.set_connected_workers(server.database, company, connected):
            raise _DoorError(f"company {company} is unknown")
        return JSONResponse({})

    async def put_companies(request: Request) -> Response:
        company, active = await _fields(request, company=str, active=bool)
        if company == server.configuration.default_company:
            raise _DoorError(f"company {company} is the server's own, which nobody deletes")
        if not companies.set_active(server.database, company, active=active):
            raise _DoorError(f"company {company} is unknown")
        return JSONResponse({})

    return [
        Route("/sign-in", post_sign_in, methods=["POST"]),
        Route("/membership", put_membership, methods=["PUT"]),
        Route("/workers", put_workers, methods=["PUT"]),
        Route("/companies", put_companies, methods=["PUT"]),
    ]


async def _fields(request: Request, **types: type) -> list[Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    for name, expected in types.items():
        # Of Python's types, true is a number as well.
        if not isinstance(body, dict) or type(body.get(name)) is not expected:
            raise _DoorError(f"{name}: give a JSON object in which it is a {expected.__name__}")
    return [body[name] for name in types]


async def _refuse(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)
