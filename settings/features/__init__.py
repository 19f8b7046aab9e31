"""Which features a tenant's users have, by the server, the tenant and the groups, and what contradicts itself there.

May import `settings.models` and below.
"""
