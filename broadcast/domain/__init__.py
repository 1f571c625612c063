"""What a broadcast means, as pure functions: no I/O, no clock, no heavy library."""
