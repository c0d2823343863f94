"""What a person is told when folder, file, network or database do not let the program work.

Only what an installation can be blamed for has words here. Anything else is a mistake in the
program, and its traceback is what helps then.
"""

import errno

from peewee import DatabaseError, InterfaceError, OperationalError, ProgrammingError

from server.config import ConfigError
from server.db import DatabaseAddressError, engine_in_use

SENTENCES = (ConfigError, DatabaseAddressError)
"""Their text can be shown as it is."""

REASONS = {
    errno.EACCES: "Dieses Konto darf dort nicht lesen oder schreiben.",
    errno.EPERM: "Dieses Konto darf dort nicht lesen oder schreiben.",
    errno.EROFS: "Dort lässt sich nur lesen, nicht schreiben.",
    errno.ENOENT: "Das gibt es nicht.",
    errno.ENOTDIR: "Ein Teil des Pfads ist kein Ordner.",
    errno.EEXIST: "Dort liegt schon etwas anderes.",
    errno.EISDIR: "Das ist ein Ordner, keine Datei.",
    errno.ENOSPC: "Der Speicherplatz ist zu Ende.",
    errno.EDQUOT: "Der Speicherplatz dieses Kontos ist zu Ende.",
    errno.EFBIG: "Die Datei darf nicht größer werden.",
    errno.ENAMETOOLONG: "Der Name ist zu lang.",
    errno.ELOOP: "Die Verweise führen im Kreis.",
    errno.EMFILE: "Zu viele Dateien sind geöffnet.",
}


def in_words(problem: BaseException) -> str | None:
    """A German sentence for a fault of the installation; None for any other problem."""
    if isinstance(problem, SENTENCES):
        return str(problem)
    if isinstance(problem, OSError):
        return _file_problem(problem)
    # Its subclasses that are not here speak of a mistake in a statement.
    if type(problem) in {DatabaseError, InterfaceError, OperationalError, ProgrammingError}:
        return _database_problem(problem)
    return None


def _file_problem(problem: OSError) -> str:
    where = f"{problem.filename}: " if problem.filename is not None else ""
    number = problem.errno or 0
    reason = REASONS.get(number) or f"Das Betriebssystem meldet Fehler {number}."
    return f"{where}{reason}"


def _database_problem(problem: BaseException) -> str | None:
    said = engine_in_use().in_words(str(problem))
    if said is None and not isinstance(problem, ProgrammingError):
        # The driver's own text may quote a value: its kind must do.
        return f"Die Datenbank macht nicht mit ({type(problem).__name__})."
    return said
