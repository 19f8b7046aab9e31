"""An emulator of ClearML's enterprise API, for laptops and tests: `python -m local.emulator`.

It takes its whole configuration from its environment (`CLEARML__…`, parsed as HOCON as the real server does), keeps
its state in one SQLite file, and follows the contract of the real API (`docs/contract/`). What the contract leaves open
is decided in `configuration/assumptions.py`, and nowhere else.

Imports nothing of ours but its own: configuration and store < calls < identity and companies < endpoints < http and
control.
"""
