"""The check of a pull request; whole, it is in tests/e2e."""
