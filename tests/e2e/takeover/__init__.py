"""An installation made by hand is taken over: in place, and after a lost state."""
