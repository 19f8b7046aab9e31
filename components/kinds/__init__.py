"""What runs in a cluster, as Pulumi's kubernetes plugin takes it; nothing of Pulumi's own classes for it.

Those define every kind of Kubernetes' API. To import the six that are used here took 0.3 s of CPU at each start
(docs/adr/0017-classes-of-six-kinds.md).
May import `settings.types`.
"""
