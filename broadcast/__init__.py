"""Broadcasts: from an admin's words to sound that a loudspeaker can trust. Never imports the hub."""
