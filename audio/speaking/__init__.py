"""Speaking to a caller live: telephone sound of texts and files, the first part as soon as it is there."""
