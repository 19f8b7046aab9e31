"""Who a call is made as: key pair, token or cookie, and acting for another user.

May import `calls` and `store`.
"""
