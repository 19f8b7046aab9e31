"""What `clearml-tenants:stack.server` may say: the release, its three parts, and its secrets."""
