"""What endpoints share about companies and their users: names, members, features, settings, sign-in rules.

May import `calls`, `configuration` and `store`.
"""
