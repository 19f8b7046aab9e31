"""ClearML's public charts as witnesses of what ours only assume; whoever asks brings them, and none is kept here."""
