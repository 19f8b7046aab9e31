"""The checklist of a first deploy, question by question."""
