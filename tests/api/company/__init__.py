"""Companies, their names, users and features, and their deletion."""
