"""What YAML, Helm, the engine and Kubernetes take a word for."""
