"""The device contract: what the hub and every device say to each other, and what they refuse.

Floor 0: it imports nothing of ours, touches no network, no disk and no clock.
"""
