"""The emulator: its endpoints, its configuration, and the multi-tenant document played against it."""
