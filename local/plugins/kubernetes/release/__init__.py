"""`helm.sh/v3:Release`, by the real helm."""
