"""The one error of operations."""


class OperationError(RuntimeError):
    """Something a person can mend; its text is one line: what, where, what to do."""
