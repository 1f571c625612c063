"""All that a hub keeps, in one file, and back again."""
