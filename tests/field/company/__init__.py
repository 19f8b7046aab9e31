"""What a tenant's file says of its company: whose keys its workers have, how much it may use."""
