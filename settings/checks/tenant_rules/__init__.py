"""What a tenant's file may decide: each module holds the files to one part of the stack's `tenantRules`.

May import models, types, and the checks beside this package that say where an agent stands in its file.
"""
