"""Healing and health, without a cluster."""
