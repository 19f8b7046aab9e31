"""Where free values clash with what this program sets. Pure; may import all other values."""
