"""The promised figures: what is counted, how, and the bounds; asked by a test of each run and by `make bench`."""
