"""The checkout's own cluster, and what it takes of what the program sends."""
