"""Sign-in rules: declared, moved between tenants, taken back."""
