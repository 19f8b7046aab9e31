"""Tools: found, downloaded, built."""
