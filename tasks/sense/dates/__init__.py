"""The calendar dates that a text speaks of, resolved against its own. Finds no other number."""
