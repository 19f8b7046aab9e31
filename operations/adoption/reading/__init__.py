"""What a server and a cluster say of themselves, and the frozen values that hold it; no call writes.

May import `components` and the errors of `operations`.
"""
