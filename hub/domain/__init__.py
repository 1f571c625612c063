"""The rules of calls, routing and escalation: pure functions of (what is, now)."""
