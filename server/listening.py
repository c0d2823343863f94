"""The network address a server listens at, taken before anything is announced."""

import errno
import socket

from server.config import Config

WAITING_MOST = 2048
"""Connections that may wait to be accepted."""


class AddressProblem(Exception):
    """The server cannot listen there; the text says in German why and what to do."""


def take_address(config: Config) -> socket.socket:
    """A socket bound to ZUZWEIT_HOST and PORT, not yet listening; raises AddressProblem.

    Several may have taken an address, one can listen: `listen` finds out.
    """
    try:
        found = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (socket.gaierror, UnicodeError):
        raise AddressProblem(_not_here(config)) from None
    family, kind, protocol, _, address = found[0]
    taken = socket.socket(family, kind, protocol)
    # Connections of an earlier server that are still dying down must not keep its port.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
    except OSError as problem:
        taken.close()
        raise AddressProblem(_why_not(config, problem)) from None
    return taken


def listen(taken: socket.socket, config: Config) -> None:
    """From now on connections are accepted; raises AddressProblem when somebody else was first."""
    try:
        taken.listen(WAITING_MOST)
    except OSError as problem:
        taken.close()
        raise AddressProblem(_why_not(config, problem)) from None


def _why_not(config: Config, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {config.port} ist belegt. Beenden Sie, was dort läuft, "
            "oder wählen Sie mit PORT einen anderen."
        )
    if problem.errno == errno.EACCES:
        return f"Port {config.port} darf dieses Konto nicht öffnen. Wählen Sie einen ab 1024."
    return _not_here(config)


def _not_here(config: Config) -> str:
    return f"ZUZWEIT_HOST muss eine Netzadresse dieses Rechners sein; {config.host} ist keine."
