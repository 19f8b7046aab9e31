"""The runner of the deployed API."""
