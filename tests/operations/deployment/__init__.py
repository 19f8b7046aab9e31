"""What a run depends on, and the command that runs a stack where anything of it differs."""
