"""The local store: SQLite through SQLAlchemy Core."""
