"""zuzweit on the command line: setting up, inviting, serving, looking after an installation."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from apscheduler.schedulers.blocking import BlockingScheduler
from peewee import PeeweeException

from server import access, devices, erasure, erasure_list, in_use, people, settings
from server.accounts import Device, Team, User
from server.app import create_app
from server.backup_file import BackupProblem
from server.backups import back_up
from server.command_parser import GermanParser
from server.config import Config, ConfigError, check_setting, read_config
from server.db import (
    DatabaseAddressError,
    close_connection,
    migrations,
    open_database,
    write_transaction,
)
from server.demo.accounts import DemoProblem
from server.doctor import examine, settings_in_use
from server.features.cases import ClientCase
from server.in_use import InUse
from server.in_words import in_words
from server.instants import instant
from server.invitations import NewInvitation, invite
from server.listening import AddressProblem, listen, take_address
from server.logs import write_log
from server.membership import make_team
from server.people import DISPLAY_NAME_MOST, PersonProblem
from server.rescue import RescueProblem, bring_in
from server.restoring import restore
from server.schema_check import schema_problems
from server.serving import Server, hear_no_more
from server.sign_in import normal_name
from sync.codes import ROLES

Command = Callable[[argparse.Namespace], int]
PROBLEMS = (
    AddressProblem,
    BackupProblem,
    ConfigError,
    DatabaseAddressError,
    DemoProblem,
    InUse,
    PersonProblem,
    RescueProblem,
)

WHAT_FOLLOWS = """\
So geht es weiter:
- Starten Sie „zuzweit serve“ und „zuzweit worker“ wieder.
- Alle melden sich auf ihrem Telefon einmal neu an. Dabei geht nichts verloren.
- Die Telefone reichen von selbst nach, was der Sicherung fehlt: Einträge, Schlüssel und Aufnahmen
  der letzten 30 Tage. Was auf noch nicht Nachgereichtem aufbaut, wartet so lange.
- Nicht von selbst kommt zurück: wer seither eingeladen wurde oder ein neues Passwort hat, und
  welche Geräte und Konten seither gesperrt wurden. Bitte prüfen Sie „zuzweit devices“ und sperren
  oder laden Sie neu ein."""

NEW_SECRET = """\
- Hier gibt es noch keinen geheimen Schlüssel. Haben Sie eine Kopie von „secret_key“, legen Sie sie
  vor dem Start als {} hin. Sonst entsteht ein neuer; Sicherungsdateien, die Telefone vorher gemacht
  haben, öffnet dann nur „zuzweit rescue“ mit --secret-key und der Kopie."""


class CommandProblem(Exception):
    """A command cannot do what it was asked; the text says why, ready to be shown."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 not possible, 2 not understood."""
    _speak_whatever_the_terminal_reads()
    given = _parser().understand(sys.argv[1:] if arguments is None else arguments)
    # Whatever an installation makes is readable for its account alone.
    before = os.umask(0o077)
    try:
        return given.command(given)
    except (*PROBLEMS, CommandProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (OSError, PeeweeException) as problem:
        said = in_words(problem)
        if said is None:
            raise
        print(said, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        os.umask(before)
        close_connection()


def _speak_whatever_the_terminal_reads() -> None:
    """A terminal that knows no „ gets a question mark for it, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def init(given: argparse.Namespace) -> int:
    """Make database, team and the first admin's account; print her invitation."""
    _check_team_name(given.team)
    config = _opened(new=True)
    now = access.wall_clock()
    with write_transaction():
        if Team.select().exists():
            raise CommandProblem(
                "Hier ist schon ein Team eingerichtet. Weiter mit „zuzweit invite“."
            )
        team = make_team(given.team, now)
        invitation = invite(
            team.id,
            given.name,
            given.display_name,
            "admin",
            now=now,
            valid_ms=settings.invitation_ms(team.id),
        )
    print(f"Team „{given.team}“ ist eingerichtet.")
    _print_invitation(invitation, config)
    return 0


def _check_team_name(name: str) -> None:
    if not name.strip() or len(name) > DISPLAY_NAME_MOST or not name.isprintable():
        raise CommandProblem(
            f"Der Name des Teams fehlt, ist länger als {DISPLAY_NAME_MOST} Zeichen "
            "oder enthält Zeichen, die man nicht sieht."
        )


def invite_person(given: argparse.Namespace) -> int:
    """Invite a person; print her link."""
    config = _opened()
    team = _only_team()
    invitation = invite(
        team.id,
        given.name,
        given.display_name,
        given.role,
        now=access.wall_clock(),
        valid_ms=settings.invitation_ms(team.id),
    )
    _print_invitation(invitation, config)
    return 0


def serve(_given: argparse.Namespace) -> int:
    """Serve until TERM or INT; the requests at hand are finished."""
    config = _opened()
    _only_team()
    in_use.hold(config.data_dir)
    # The processes below open their own connections: one must not be inherited.
    close_connection()
    with take_address(config) as taken:
        listen(taken, config)
        print(f"Zuzweit läuft unter {config.address}", flush=True)
        Server(lambda: create_app(config), config, taken).run()
    return 0


def worker(_given: argparse.Namespace) -> int:
    """Do the timed work until TERM or INT."""
    config = _opened()
    in_use.hold(config.data_dir)
    write_log(config.log_level)
    app = create_app(config)
    jobs = app.extensions["zuzweit_jobs"]
    scheduler = BlockingScheduler(timezone="UTC")
    jobs.schedule(scheduler)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    jobs.run_all()
    scheduler.start()
    return 0


def _end(*_signal: object) -> NoReturn:
    """A signal's way out at any moment, also while the first jobs still run."""
    hear_no_more()
    raise SystemExit(0)


def demo(given: argparse.Namespace) -> int:
    """Serve an invented team, made anew in an empty folder; timed work included."""
    # Only the demo needs its names and stories.
    from server.demo.showing import show

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    chosen = {"ZUZWEIT_DATA_DIR": given.data_dir, "ZUZWEIT_PORT": given.port}
    show({name: text for name, text in chosen.items() if text is not None}, given.parent)
    return 0


def generate(given: argparse.Namespace) -> int:
    """Write the generated files, or say which are stale."""
    from server import declarations

    stale = declarations.generate(check=given.check)
    for path in stale:
        print(f"{path} ist veraltet. Bitte „make generate“." if given.check else path)
    return 1 if given.check and stale else 0


def doctor(_given: argparse.Namespace) -> int:
    """Look at the installation and say in words what is wrong."""
    config = read_config(os.environ)
    print("Einstellungen:")
    for line in settings_in_use(config):
        print(f"  {line}")
    print("Befund:")
    findings = examine(config)
    for finding in findings:
        print(f"  {finding}")
    return 0 if all(finding.good or finding.hint for finding in findings) else 1


def revoke_device(given: argparse.Namespace) -> int:
    """Lock a phone out: its sign-ins end at once and it cannot sign in again."""
    _opened()
    device = Device.get_or_none(Device.id == given.device)
    if device is None or not devices.lock_out(device.id, None, now=access.wall_clock()):
        raise CommandProblem("Dieses Gerät gibt es nicht, oder es ist schon gesperrt.")
    print("Das Gerät ist gesperrt.")
    return 0


def list_devices(_given: argparse.Namespace) -> int:
    """Print every phone with its owner, so that one can be locked out."""
    _opened()
    rows = Device.select(Device, User).join(User).order_by(User.name, Device.created_at)
    for device in rows:
        state = "gesperrt" if device.revoked_at else "aktiv"
        print(f"{device.id}  {device.user.name}  {device.label}  {state}")
    return 0


def disable(given: argparse.Namespace) -> int:
    """Rest an account: its sign-ins end at once, it leaves the team's list."""
    _opened()
    user = User.get_or_none(User.name == normal_name(given.name))
    if user is None or not people.rest(user.id, None, now=access.wall_clock()):
        raise CommandProblem("Dieses Konto gibt es nicht, oder es ruht schon.")
    print("Das Konto ruht. Ein neuer Anfang mit neuem Passwort: „zuzweit invite“.")
    return 0


def backup(given: argparse.Namespace) -> int:
    """Make one backup now, while the server runs; print where it lies."""
    config = _opened()
    print(back_up(config, given.to or config.backup_dir, access.wall_clock()))
    return 0


def restore_backup(given: argparse.Namespace) -> int:
    """Put a backup in place of the database, and say what happens next."""
    config = read_config(os.environ)
    done = restore(config, given.file, over_data=given.replace, now_ms=access.wall_clock())
    print(f"Die Sicherung vom {done.made_at} ist zurückgespielt.")
    if done.aside:
        print(f"Die bisherigen Daten liegen noch hier: {done.aside}")
        print("Bitte löschen Sie sie, sobald Sie sie nicht mehr brauchen, spätestens in 30 Tagen.")
    if done.erased:
        print(f"Wieder gelöscht, weil seither endgültig gelöscht: {done.erased} Einträge.")
    print(WHAT_FOLLOWS)
    if not config.secret_file.exists():
        print(NEW_SECRET.format(config.secret_file.absolute()))
    return 0


def rescue(given: argparse.Namespace) -> int:
    """Bring in what a phone could not send itself; say what became of it."""
    config, copy = _opened(), given.secret_key
    secret = copy.read_text("utf-8", "replace").strip() if copy else config.secret_key()
    done = bring_in(given.file, secret, access.wall_clock())
    for line in done.lines():
        print(line)
    return 1 if done.refused or done.open else 0


def erase_case(given: argparse.Namespace) -> int:
    """Erase a case for good, on the server and, at their next contact, on all phones."""
    config = _opened()
    team = _only_team().id
    case = ClientCase.get_or_none(ClientCase.team == team, ClientCase.pseudonym == given.pseudonym)
    if case is None:
        raise CommandProblem("Einen Fall mit diesem Pseudonym gibt es nicht.")
    print(
        f"Der Fall {given.pseudonym} wird endgültig gelöscht, mit allen Kontakten und Schlüsseln,"
    )
    print("hier und auf allen Telefonen. Das lässt sich nicht zurücknehmen.")
    if input("Zum Bestätigen das Pseudonym noch einmal eingeben: ").strip() != given.pseudonym:
        raise CommandProblem("Es wurde nichts gelöscht.")
    with write_transaction():
        gone = erasure.erase(team, [case.id], instant(access.wall_clock()))
        erasure_list.append(config.backup_dir, gone)
    print(f"Gelöscht: {len(gone)} Einträge. Aus den Sicherungen verschwinden sie mit diesen,")
    print(f"spätestens nach {config.backup_days} Tagen.")
    return 0


def _opened(new: bool = False) -> Config:
    """The settings, with the database open; only `new` makes an installation where none is."""
    config = read_config(os.environ)
    if not new and not config.data_dir.exists():
        raise CommandProblem(
            f"In {config.data_dir.absolute()} ist nichts eingerichtet. Zuerst: „zuzweit init“."
        )
    config.secret_key()  # Makes the folder, for this account alone.
    open_database(config.database_url)
    # A newer version's database has more than this program declares.
    if not migrations().unknown and (problems := schema_problems()):
        raise CommandProblem(f"{problems[0]} „zuzweit doctor“ sagt, was sonst noch fehlt.")
    return config


def _only_team() -> Team:
    team = Team.select().first()
    if team is None:
        raise CommandProblem("Es gibt noch kein Team. Zuerst: „zuzweit init“.")
    return team


def _print_invitation(invitation: NewInvitation, config: Config) -> None:
    if invitation.replaces:
        print("Die frühere Einladung dieses Kontos gilt nicht mehr.")
    print("Einladung, einmal gültig, bitte auf sicherem Weg weitergeben:")
    print(invitation.link(config.address))
    print(f"Sie gilt bis {invitation.expires} (UTC).")


def _parser() -> GermanParser:
    parser = GermanParser(prog="zuzweit", description="Zuzweit einrichten und betreiben.")
    commands = parser.add_subparsers(metavar="BEFEHL", required=True, title="Befehle")

    def add(name: str, command: Command, meaning: str) -> GermanParser:
        one = commands.add_parser(name, help=meaning, description=meaning)
        one.set_defaults(command=command)
        return one

    one = add("init", init, "Team und erstes Verwaltungskonto anlegen")
    one.say("--team", required=True, help="Name des Teams")
    _add_person(one)
    one = add("invite", invite_person, "Eine Person einladen")
    _add_person(one)
    one.say("--role", required=True, choices=list(ROLES), help="Rolle")
    add("serve", serve, "Den Server betreiben")
    add("worker", worker, "Die zeitgesteuerten Arbeiten erledigen")
    one = add("demo", demo, "Ein erfundenes Team vorführen")
    one.say("--port", type=_setting("port"), help="statt PORT")
    one.say("--data-dir", type=_setting("data_dir"), help="statt DATA_DIR, Vorgabe: .demo")
    one.say("--parent", type=int, metavar="NUMMER", help="Prozess, mit dem die Vorführung endet")
    one = add("generate", generate, "Erzeugte Dateien schreiben")
    one.say("--check", action="store_true", help="nur prüfen, ob sie aktuell sind")
    add("doctor", doctor, "Die Installation untersuchen")
    one = add("backup", backup, "Jetzt eine Sicherung machen")
    one.say("--to", type=Path, help="Ordner; Vorgabe: der der nächtlichen Sicherungen")
    one = add("restore", restore_backup, "Eine Sicherung zurückspielen")
    one.say("file", type=Path, help="Datei aus „zuzweit backup“")
    one.say(
        "--replace", action="store_true", help="auch wenn hier Daten liegen; sie bleiben daneben"
    )
    one = add("rescue", rescue, "Die Sicherungsdatei eines Telefons einlesen")
    one.say("file", type=Path, help="Datei aus „Sicherungsdatei erstellen“")
    one.say(
        "--secret-key", type=Path, metavar="KOPIE",
        help="Kopie des secret_key, der galt, als das Telefon die Datei machte",
    )  # fmt: skip
    one = add("erase", erase_case, "Einen Fall endgültig löschen")
    one.say("pseudonym", help="Pseudonym des Falls, zum Beispiel U25-051")
    add("devices", list_devices, "Alle Geräte auflisten")
    one = add("revoke-device", revoke_device, "Ein Gerät sperren")
    one.say("device", help="Nummer des Geräts, siehe „zuzweit devices“")
    one = add("disable", disable, "Ein Konto ruhen lassen")
    one.say("--name", required=True, help="Anmeldename")
    return parser


def _setting(name: str) -> Callable[[str], str]:
    """An option that stands for the setting `name`."""

    def read(text: str) -> str:
        try:
            return check_setting(name, text)
        except ValueError as problem:
            raise argparse.ArgumentTypeError(str(problem)) from None

    return read


def _add_person(parser: GermanParser) -> None:
    parser.say("--name", required=True, help="Anmeldename")
    parser.say("--display-name", required=True, help="Name, wie ihn das Team sieht")


if __name__ == "__main__":
    sys.exit(main())
