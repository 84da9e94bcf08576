"""Who did what to whom, as the clauses of the lead tell it. Finds no name, place or date."""
