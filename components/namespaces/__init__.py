"""A namespace of ours, whose it is, and what asks whether it is somebody else's. May import `settings` and below."""
