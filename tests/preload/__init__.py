"""Python processes that need not import everything anew: forked from one that has.

Two thirds of what a test on the real engine costs is Python's imports, in a plugin's process of its own for each
operation. Such a process is as any other (its arguments, variables, folder, pipes, signals, exit code), and runs the
same module as `__main__`; what it does not run is the launcher that a user's engine starts, which `tests/e2e` does.
"""
