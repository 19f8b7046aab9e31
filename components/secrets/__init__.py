"""Kubernetes Secrets of this program's own making: the server's pair, and those that settings declare."""
