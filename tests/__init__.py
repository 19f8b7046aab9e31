"""What a user gets, by the real wiring: `unit` is pure, `api` runs engine and emulator, `e2e` everything.

May import everything; nothing imports it.
"""
