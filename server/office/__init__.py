"""The office: server-rendered pages for the admin under /verwaltung. See README.md beside."""

from server.office import devices, health, log, people, settings
from server.office.frame import blueprint

__all__ = ["blueprint", "devices", "health", "log", "people", "settings"]
