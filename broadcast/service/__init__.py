"""What is done with broadcasts: one use case per function, over the rows of broadcast/rows.py.

A use case never signs, publishes or speaks: it writes rows, in the one transaction that it is handed.
"""
