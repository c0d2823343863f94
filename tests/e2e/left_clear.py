"""`zuzweit` with one column left clear on purpose, so that the canary test has to find it.

The declaration says `Day` where the product says `Sealed`, as a careless change would, and the
front end in the folder LEFT_CLEAR_FRONT_END was generated from the same carelessness.
"""

import os
import sys
from pathlib import Path
from typing import Any

from server import synced

COLUMN, MEANING = "date_of_birth", "Geburtsdatum"
IN_THE_BUNDLE = (f"{COLUMN}:{{kind:`sealed`}}", f"{COLUMN}:{{kind:`day`}}")
"""What stands in the built front end for the column, and what the carelessness makes of it."""


def main() -> int:
    """Declare, then do what `zuzweit` does."""
    sealed: Any = synced.Sealed

    def careless(meaning: str, **options: Any) -> synced.SyncedColumn:
        if meaning == MEANING:
            return synced.Day(meaning, why="Es gibt keinen Grund.")
        return sealed(meaning, **options)

    setattr(synced, "Sealed", careless)  # noqa: B010  A function stands in for the class.
    # Only now: importing the application declares the tables.
    from server import app, cli, front_end

    root = Path(os.environ.pop("LEFT_CLEAR_FRONT_END"))
    setattr(app, "find_front_end", lambda: front_end.FrontEnd(root))  # noqa: B010  As above.
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
