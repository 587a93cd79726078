"""Lists of people become cases: read, checked row by row, imported whole or not at all, and undone again."""
