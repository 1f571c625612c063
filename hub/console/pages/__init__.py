"""Pages for people: rendered here, kept fresh by htmx and one live stream."""
