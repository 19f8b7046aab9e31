"""How people sign in at a whole server."""
