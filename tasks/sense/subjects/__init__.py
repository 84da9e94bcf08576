"""What a text is about: topics, keywords, summary, tone. Finds no name."""
