"""Settings turned into Helm values: pure functions, in which only leaves are Outputs.

May import `settings`.
"""
