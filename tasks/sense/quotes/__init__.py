"""What a text gives as somebody's words, and whose they are. Finds no name."""
