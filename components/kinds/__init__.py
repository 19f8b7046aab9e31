"""What runs in a cluster, as Pulumi's kubernetes plugin takes it; nothing of Pulumi's own classes for it.

Those define every kind of Kubernetes' API. To import the six that are used here took half a second of CPU in each run.
May import `settings.types`.
"""
