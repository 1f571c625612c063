"""Committed events as a stream."""
