"""What a stack and its tenants say about networks, checked against each other: isolation, ranges, ports."""
