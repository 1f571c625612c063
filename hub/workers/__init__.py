"""What runs beside the ways in: timers, outbox, and the hub's own housekeeping."""
