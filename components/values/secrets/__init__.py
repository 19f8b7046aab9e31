"""What releases say of Secrets made beside them: where they are named, and the digest that rolls their pods. Pure."""
