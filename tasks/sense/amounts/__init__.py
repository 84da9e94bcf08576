"""The quantities that a text tells, with what they count. Finds no date."""
