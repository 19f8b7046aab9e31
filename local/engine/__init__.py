"""Runs of the Pulumi engine on the local stack: the run itself, what it says, and its backend, locks and leavings.

May import `operations`, and of `local` only `checkout`, `errors` and `progress`.
"""
