"""Rules for workflows, and the changes that each of them notices."""
