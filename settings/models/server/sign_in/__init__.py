"""What `clearml-tenants:stack.server.identityProviders` may say: one model for each kind of provider (contract 3.2)."""
