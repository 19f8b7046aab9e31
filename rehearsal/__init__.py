"""A pull request tried out on this machine: a stack's real files, first as they were, then a preview as they are.

Nothing secret is looked into: the stack's secrets are replaced by the laptop's own, its charts by stand-ins, its
cluster and API by ones that are made for the rehearsal and removed after it. May import `local` and `operations`;
`program` imports neither `settings` nor `components`, which are the copy's own.
"""
