"""Who and what a text names: mentions, the entities that they belong to, the offices of people.
Finds no place on a map."""
