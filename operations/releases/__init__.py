"""What is in a cluster: whose each Helm release and namespace is, what is in the way, and how a dead run's is healed.

May import `operations.engine` and below.
"""
