"""The environment on one machine: cluster, emulator, tools, and the commands of the Makefile.

May import everything but `tests`; nothing imports it but they.
"""
