"""A whole county on a virtual clock: the hub's real code, the real simulated firmware, and everything that goes
wrong between them, all drawn from one seed. docs/simulation.md says what is simulated and what must hold."""
