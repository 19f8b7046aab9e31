"""The stacks of one environment together: which there are, and which of them has which tenant in its state.

May import `operations.engine`, `operations.release_tenant` and below.
"""
