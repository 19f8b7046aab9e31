"""The API's error answers: HTTP status, subcode and text, as the real server writes them (contract 1.5)."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum


class Kind(Enum):
    """Status, subcode and default text of each error that this server raises."""

    BAD_REQUEST = (400, 0, "bad request")
    INVALID_VERSION = (400, 2, "request path has invalid version")
    INVALID_HEADERS = (400, 5, "invalid headers")
    IMPERSONATION = (400, 6, "impersonation error")
    INVALID_ID = (400, 10, "invalid object id")
    VALIDATION = (400, 12, "validation error")
    FIELDS_NOT_ALLOWED = (400, 13, "fields not allowed for role")
    FIELDS_CONFLICT = (400, 15, "conflicting fields")
    FIELDS_VALUE = (400, 16, "invalid value for fields")
    INVALID_REGEX = (400, 21, "malformed regular expression")
    INVALID_EMAIL = (400, 22, "malformed email address")
    INVALID_DOMAIN = (400, 23, "malformed domain name")
    MAX_CREDENTIALS = (400, 50, "maximum number of credentials reached")
    INVALID_ACCESS_KEY = (400, 75, "access key not found")
    LAST_SSO = (400, 86, "cannot deactivate the last sso configuration")
    INVALID_TASK_ID = (400, 101, "invalid task id")
    INVALID_USER = (400, 300, "invalid user")
    INVALID_USER_ID = (400, 301, "invalid user id")
    USER_ID_EXISTS = (400, 302, "user id already exists")
    INVALID_QUEUE_ID = (400, 701, "invalid queue id")
    NO_DEFAULT_QUEUE = (400, 707, "no queue is tagged as the default queue for this company")
    SEVERAL_DEFAULT_QUEUES = (400, 708, "more than one queue is tagged as the default queue for this company")
    DATA_VALIDATION = (400, 800, "data validation error")
    EXPECTED_UNIQUE = (400, 801, "value combination already exists (unique field already contains this value)")
    INVALID_WORKER_ID = (400, 1001, "invalid worker id")
    WORKER_REGISTRATION = (400, 1002, "worker registration failed")
    BAD_AUTH_TYPE = (401, 10, "unauthorized (bad authentication header type)")
    NO_CREDENTIALS = (401, 20, "unauthorized (missing credentials)")
    BAD_CREDENTIALS = (401, 21, "unauthorized (malformed credentials)")
    INVALID_CREDENTIALS = (401, 22, "unauthorized (invalid credentials)")
    INVALID_TOKEN = (401, 30, "invalid token")
    ROLE_NOT_ALLOWED = (403, 20, "forbidden (not allowed for role)")
    # ASSUMPTION (contract 8): no source says how a call is refused whose feature is off.
    FEATURE_DISABLED = (403, 0, "forbidden (feature is not enabled)")
    UNKNOWN_ENDPOINT = (404, 0, "not found")
    GENERAL = (500, 0, "general server error")
    INTERNAL = (500, 1, "internal server error")
    DATABASE_UNAVAILABLE = (500, 102, "database is temporarily unavailable")


class ApiError(Exception):
    """An error the caller gets, enveloped: `<default text> (<extra>): key=value, …`. Details hold no secrets."""

    def __init__(self, kind: Kind, extra: str | None = None, *, text: str | None = None, **details: object) -> None:
        status, subcode, default = kind.value
        message = text if text is not None else default
        if extra:
            message += f" ({extra})"
        if details:
            message += ": " + ", ".join(f"{key}={_shown(value)}" for key, value in details.items())
        super().__init__(message)
        self.status, self.subcode, self.message = status, subcode, message


def _shown(value: object) -> str:
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return f"({', '.join(map(str, value))})"
    return str(value)
