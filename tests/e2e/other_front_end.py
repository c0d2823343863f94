"""`zuzweit` with the front end in the folder OTHER_FRONT_END, which a test may change."""

import os
import sys
from pathlib import Path

from server import app, cli, front_end


def main() -> int:
    """Do what `zuzweit` does."""
    root = Path(os.environ.pop("OTHER_FRONT_END"))
    setattr(app, "find_front_end", lambda: front_end.FrontEnd(root))  # noqa: B010  A function stands in for another.
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
