"""What happens to the news: verbs at the door (one batch task per module here), nouns in the folders behind.

Nothing here reads settings; nouns (the folders) never import a verb, Prefect or DuckDB.
"""
