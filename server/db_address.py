"""What is said when a database cannot be reached."""


class DatabaseAddressError(Exception):
    """The database cannot be opened; the text says in German what to do."""
