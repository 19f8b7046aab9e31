"""GitHub, played: expressions, jobs, actions, and its command."""
