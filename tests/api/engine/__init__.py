"""The whole program on the real engine, its cluster on paper."""
