"""Words that Kubernetes takes: what it refuses is told before a run, not in the midst of one."""
