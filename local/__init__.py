"""The environment on one machine: cluster, emulator, tools, engine, and the commands of the Makefile.

May import the program and `operations`; only `rehearsal` and `tests` import it.
"""
