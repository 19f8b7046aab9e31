"""What the files in config/ say: a folder for each package of settings/."""
