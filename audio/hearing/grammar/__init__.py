"""What may be said at a question, as words, as a grammar, and back to the phrase as it was written."""
