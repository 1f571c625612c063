"""The way in for people and programs: the only FastAPI of the hub."""
