"""What one run of the program shares, and what becomes of it when calls fail in any order."""
