"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.sign_in.removals import SignInRuleRemovalsProvider as DeparturesProvider

__all__ = ["DeparturesProvider"]
