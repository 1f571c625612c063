"""`xiangyin up`: broker, hub and demo county on one machine, started, watched and ended as one."""
