"""Tenants as their files declare them: the document's own example, and one with nobody in a cluster."""

from __future__ import annotations

from typing import Any


def whole(name: str) -> dict[str, Any]:
    """All that the document tells to make for a tenant."""
    return {
        **without_workers(name),
        "agent": {"queues": {"default": {}}},
        "gateway": {"hostName": f"router.{name}.example"},
    }


def without_workers(name: str, *users: str) -> dict[str, Any]:
    """A company, its admin and its sign-in rules; `users` in place of the usual two."""
    return {
        "company": f"Company {name}",
        "protect": False,
        "admin": {"name": f"Admin of {name}", "email": f"admin@{name}.example"},
        "signIn": {
            "domains": [f"{name}.example"],
            "admins": [f"ann@{name}.partner.example"],
            "users": list(users) or [f"bob@{name}.partner.example", f"cleo@{name}.partner.example"],
        },
    }
