"""Puts the built front end into the wheel, so that whoever installs it needs no Node."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Include pwa/dist as server/static_pwa; an editable install serves pwa/dist itself."""
        if version == "editable":
            return
        built = Path(self.root, "pwa", "dist")
        if not (built / "index.html").is_file():
            raise FileNotFoundError(f"{built}: the front end is not built; run `make build` first.")
        build_data["force_include"][str(built)] = "server/static_pwa"
