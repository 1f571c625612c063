"""Whole stories against real processes: brokers, hubs, databases that die and come back."""
