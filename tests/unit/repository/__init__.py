"""The repository itself: its pages, its words, its folders, its layers."""
