"""From keys and words to values. Pure functions; a language's own grammar is a file, the rest is shared."""
