"""Sound: uploaded recordings, the chime, mastering for horn loudspeakers, and the store by content."""
