"""The steps of the workflows, and what they write to GitHub.

May import every other folder of `operations`.
"""
