"""Voices, one file each, and the general normaliser: native and foreign code stays behind these doors."""
