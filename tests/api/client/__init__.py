"""The client: answers, errors, retries, the pace of calls."""
