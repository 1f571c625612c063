"""Speech and mastering in a process of their own: heavy, native, and free to crash there."""
