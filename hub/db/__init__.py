"""The only SQLAlchemy: tables, transactions and readers over SQLite and PostgreSQL."""
