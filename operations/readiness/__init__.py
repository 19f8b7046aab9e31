"""Whether everything is there that a first deploy of a stack needs: a question each, and no write call.

May import `operations.takeover`, `operations.health`, `operations.engine` and below.
"""
