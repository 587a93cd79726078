"""Call-flow documents and their meaning. Pure: documents in, steps out."""
