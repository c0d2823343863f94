"""argparse, speaking German: its help, and what it says about a call it does not understand."""

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

NOT_UTF8 = "arguments are not UTF-8"
UNDERSTOOD_NOT = (
    (NOT_UTF8, "Der Aufruf enthält Zeichen, die nicht in UTF-8 geschrieben sind."),
    (r"the following arguments are required: (.*)", "Es fehlt: {0}"),
    (r"argument (BEFEHL|\{.*\}): invalid choice: (\S+) .*", "Den Befehl {1} gibt es nicht."),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)",
     "{0}: {1} gibt es nicht. Möglich sind {2}."),
    (r"argument (\S+): expected (?:one|at least one) argument", "Nach {0} fehlt die Angabe."),
    (r"argument (\S+): ignored explicit argument (.*)", "{0} nimmt keine Angabe: {1}"),
    (r"unrecognized arguments: (.*)", "Das gehört nicht zu diesem Befehl: {0}"),
    (r"argument (\S+): (muss|darf) (.*)", "{0} {1} {2}."),
)  # fmt: skip
"""What argparse says, and what people are told; its texts differ a little between Pythons."""


class GermanParser(argparse.ArgumentParser):
    """One command, or all of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=GermanHelp, **options)
        self._said = self.add_argument_group("Angaben")
        self._said.add_argument("-h", "--help", action="help", help="diese Hilfe")

    def say(self, *names: str, **options: Any) -> None:
        """`add_argument`, under the German heading."""
        self._said.add_argument(*names, **options)

    def understand(self, arguments: Sequence[str]) -> argparse.Namespace:
        """What was asked for; ends with code 2 when it is not understood."""
        # Bytes that are no UTF-8 arrive as lone surrogates.
        if any("\ud800" <= letter <= "\udfff" for given in arguments for letter in given):
            self.error(NOT_UTF8)
        return self.parse_args(arguments)

    def error(self, message: str) -> NoReturn:
        """End with code 2: what was not understood, and how the call looks."""
        self.exit(2, f"{_in_german(message)}\n{self.format_usage()}")


class GermanHelp(argparse.HelpFormatter):
    """The help text's own words in German."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """How the call looks."""
        super().add_usage(usage, actions, groups, "Aufruf: " if prefix is None else prefix)


def _in_german(message: str) -> str:
    for said, words in UNDERSTOOD_NOT:
        if found := re.fullmatch(said, message, re.DOTALL):
            return words.format(*found.groups())
    return "Der Aufruf ist so nicht verständlich."
