"""What devices measure: taken in, spooled, stored in one of two stores, read back. A process of its own fills it."""
