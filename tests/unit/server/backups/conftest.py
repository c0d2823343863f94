"""An installation that knows the tools of the PostgreSQL that runs."""

from pathlib import Path

import pytest

from server.config import Config
from tests.databases import Databases, PostgreSQL


@pytest.fixture
def config(tmp_path: Path, databases: Databases) -> Config:
    """Settings of an installation in a folder and with a database of its own."""
    tools = databases.tools if isinstance(databases, PostgreSQL) else None
    url = databases.fresh(tmp_path / "db")
    return Config(data_dir=tmp_path / "data", database_url=url, pg_tools=tools)
