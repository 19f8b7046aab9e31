"""Checks of what a queue's pod is made of: what no API server takes, whatever the namespace allows.

May import `settings.checks.queue_pods`, `settings.models` and below, and the registry of checks.
"""
