"""What devices measure: taken in, spooled, stored in one of two stores, read back. A process of its own fills it."""

SOCKET = "telemetry.sock"
"""In the folder of the roles' sockets: whatever is asked there, the telemetry role answers with its report."""
