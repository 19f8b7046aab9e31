"""What tenants' files become of the API's resources, as the program declares them."""
