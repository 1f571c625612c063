"""People outside the console: what would ring their telephones."""
