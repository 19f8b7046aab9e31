"""What a file says, read and refused as its author meant."""
