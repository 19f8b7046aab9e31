"""The one error of local commands."""


class LocalError(RuntimeError):
    """Something a person can mend; its text is one line: what, where, what to do."""
