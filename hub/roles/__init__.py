"""The processes of the hub: each role is one module with `run`."""
