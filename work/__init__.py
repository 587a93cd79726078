"""Work that nobody may wait for: the row that asks for it is the truth, a queue only carries its id."""
