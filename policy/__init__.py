"""The policy pack: rules over what a run would deploy, in an environment of its own.

Shares with the program words and judgements of `settings.types`, and nothing else.
"""
