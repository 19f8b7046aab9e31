"""An environment of a platform and shards, on the real engine and the emulator, its cluster on paper."""
