"""What the server is told before it starts: its environment and files, and our assumptions about its contract.

May import `roles` alone.
"""
