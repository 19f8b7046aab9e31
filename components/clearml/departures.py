"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.rules.removals import SignInRuleRemovalsProvider as DeparturesProvider

__all__ = ["DeparturesProvider"]
