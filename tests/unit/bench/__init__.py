"""What the benchmark writes, from figures that are known."""
