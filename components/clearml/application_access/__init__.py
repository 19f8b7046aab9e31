"""Who sees the applications that people of a company have started.

May import `components.clearml.provider` and below.
"""
