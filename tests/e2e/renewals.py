"""What of a renewal of keys stands in the server's database."""

from datetime import UTC, datetime, timedelta

from tests.e2e.offices import Office


def epochs(office: Office) -> list[str]:
    """The team keys' ids, the oldest first."""
    with office.database() as database:
        return [key for (key,) in database.execute("SELECT key_id FROM epoch ORDER BY epoch")]


def old_cases(office: Office) -> list[str]:
    """The cases without a key that only the newest team key opens, or with one not closed anew.

    Cases closed so long ago that no phone has them get theirs when they come back.
    """
    rests = (datetime.now(UTC) - timedelta(days=90)).date().isoformat()
    with office.database() as database:
        rows = database.execute(
            "SELECT owner, key_id, reader FROM envelope JOIN client_case ON client_case.id = owner "
            "WHERE length(reader) = 48 AND (closed IS NULL OR closed > ?)",
            (rests,),
        ).fetchall()
    newest = epochs(office)[-1]
    readers: dict[str, dict[str, set[str]]] = {}
    for owner, key, reader in rows:
        readers.setdefault(owner, {}).setdefault(key, set()).add(reader)
    return [
        owner
        for owner, keys in readers.items()
        if {newest} not in keys.values() or not all(newest in known for known in keys.values())
    ]


def is_renewed(office: Office) -> bool:
    """Whether the team has its second key, and every case what follows from it."""
    return len(epochs(office)) == 2 and old_cases(office) == []
