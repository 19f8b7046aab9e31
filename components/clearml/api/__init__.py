"""One call over HTTP: the connection, the answer and its errors, retries, and the models of what is sent.

Imports nothing of ours but its own.
"""
