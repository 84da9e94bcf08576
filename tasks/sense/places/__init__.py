"""Where the places that a text names lie: a gazetteer, and the weighing of namesakes. Finds no name."""
