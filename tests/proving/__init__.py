"""`xiangyin prove`: real faults against the running program, a ledger before each press and an oracle after."""
