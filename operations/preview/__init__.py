"""What a run would do, from the engine's steps to the comment of a pull request: pure, but for the policies' preview.

May import `operations.errors` and below.
"""
