"""States of before name the provider by this path (docs/adr/0007)."""

from components.clearml.rules.departures import DeparturesProvider

__all__ = ["DeparturesProvider"]
