"""The roles of the API, and the sets of them that endpoints allow (contract 2)."""

from __future__ import annotations

SYSTEM = ("system", "root")
ADMINS = ("system", "root", "admin")
ADMIN_ONLY = ("admin",)
ANY = ("*",)

ROLES = frozenset({"system", "root", "admin", "superuser", "user", "annotator", "guest", "consumer"})
CREATABLE = ("admin", "superuser", "user", "annotator")
NEWER = ("consumer",)
