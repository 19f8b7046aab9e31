"""`make manifests`: the command line, on a repository of its own."""
