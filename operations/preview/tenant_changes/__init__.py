"""What changes of tenants, in words: sign-in rules, features, rotations. Pure. May import `difference` and below."""
