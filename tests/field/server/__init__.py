"""What reaches the Server release."""
