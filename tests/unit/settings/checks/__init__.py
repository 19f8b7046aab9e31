"""What is refused or warned of across settings."""
