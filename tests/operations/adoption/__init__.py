"""`make adopt`: against the emulator over real HTTP, and against lists of a cluster over HTTP too."""
