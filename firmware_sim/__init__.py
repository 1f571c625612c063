"""Simulated devices: an honest second implementer of the device contract, knowing `devices/` alone."""
