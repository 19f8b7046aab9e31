"""What is promised, each figure in one place."""

from __future__ import annotations

# The document's own calls for a tenant with a domain, admins and users; and one key more, the gateway's own.
WRITES_OF_A_TENANT = (
    "system.create_company",
    "auth.create_user",
    "auth.create_credentials",
    "login.set_domains",
    "login.add_whitelist_entries",
    "login.add_whitelist_entries",
    "auth.create_credentials",
)
# At the first creation.
READS_PER_ENVIRONMENT = 3
READS_PER_TENANT = 2

REFRESH_CALLS_PER_TENANT = 3
REFRESH_CALLS_PER_ENVIRONMENT = 1
REFRESH_LISTS_OF_COMPANIES = 1

# Of one changed e-mail, however many tenants there are.
CHANGE_WRITES = 2

PROVIDER_BYTES = 100
STATE_BYTES_PER_TENANT = 25_000
# With what runs in the cluster, whose plugin keeps inputs and outputs: two releases and a Secret, encrypted, and four
# network policies. The bound is this program's own, so that it does not grow unseen.
WHOLE_STATE_BYTES_PER_TENANT = 45_000
