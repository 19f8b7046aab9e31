"""Pure: whose is what: each company's tenant, its releases and keys, and companies that are called alike.

May import `operations.adoption.reading`, `operations.releases` and `settings`.
"""
