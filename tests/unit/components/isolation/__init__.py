"""Who may talk to whom, by an evaluator of NetworkPolicies."""
