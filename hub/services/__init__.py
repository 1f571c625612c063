"""One use case per function: (transaction, command, now) → rows. Nothing here talks to the world."""
