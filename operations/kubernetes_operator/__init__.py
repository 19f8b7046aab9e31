"""An environment's stacks as objects of the Pulumi Kubernetes Operator, which deploys them from git (docs/operator.md).

May import `operations.shards`, `operations.files.git` and below.
"""
