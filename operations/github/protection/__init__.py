"""Whether the repository's settings on GitHub keep strangers from secrets, as docs/github.md asks.

`settings` asks GitHub, the others judge what it answers and are pure. May import nothing of `operations` but errors.
"""
