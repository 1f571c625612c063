"""The hub between call buttons, loudspeakers and the people who help."""
