"""When a run of a stack is needed, on the real engine and its own backend."""
