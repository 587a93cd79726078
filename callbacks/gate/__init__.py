"""The one gate: whether a case may be dialled now, by which rule not, and when it may be asked again."""
