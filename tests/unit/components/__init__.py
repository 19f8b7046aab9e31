"""What the program registers, on Pulumi's mocks."""
