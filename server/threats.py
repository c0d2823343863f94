"""The threat model: who could do what, and what nobody can.

Numbers and lists in it are counted from the declarations and settings, so that it cannot go
stale; `tests/unit/server/test_privacy.py` holds that it names every role. Only what is so today
stands here.
"""

from dataclasses import dataclass

from server.config import Config
from server.grants import STANDING_IN
from server.privacy import Register, own_tables, shared_tables
from server.sealing.derivations import MEMLIMIT, OPSLIMIT
from server.settings import SETTINGS
from server.synced import tables
from sync.codes import ROLES


@dataclass(frozen=True)
class Threat:
    """Somebody, what she could do, and what she cannot. `roles`: whom of the team it is about."""

    who: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    roles: frozenset[str] = frozenset()


def threats() -> list[Threat]:
    """The threat model, the most feared first."""
    return [
        _thief_of_the_server(shared_tables(), own_tables()),
        _hostile_server(),
        *_phones(),
        _finder_of_a_rescue_file(),
        _finder_of_the_sheet(),
        *_people(),
        *_strangers(Config()),
    ]


def _thief_of_the_server(shared: dict[str, Register], own: dict[str, Register]) -> Threat:
    columns = [one for register in shared.values() for one in register.columns.values()]
    sealed = sum(one.sealed for one in columns)
    return Threat(
        "Jemand stiehlt den Server, seine Festplatte oder eine Sicherung",
        (
            f"lesen, was offen liegt: {len(columns) - sealed} Angaben in {len(shared)} "
            f"gemeinsamen und {len(own)} eigenen Tabellen des Servers, alle im Verzeichnis der "
            "Angaben genannt; dazu gehören die Namen der Beschäftigten",
            "sehen, welches Telefon wann etwas gesendet hat und wie lang es war",
            "Passwörter raten: jeder Versuch kostet "
            f"{MEMLIMIT // 1024 // 1024} MiB und {OPSLIMIT} Durchgänge (Argon2id), und ein "
            "Passwort hat fünf gewürfelte Wörter oder mindestens 14 Zeichen",
        ),
        (
            f"Namen, Anschriften, Notizen, Orte oder Ergebnisse lesen: {sealed} Angaben sind "
            "schon auf dem Telefon versiegelt",
        ),
    )


def _finder_of_a_rescue_file() -> Threat:
    return Threat(
        "Jemand findet die Sicherungsdatei eines Telefons",
        (
            "sehen, wie lang sie ist und wann sie entstand",
            "wenn auch der geheime Schlüssel des Servers gestohlen ist: sehen, was der Server "
            "ohnehin sieht",
        ),
        (
            "darin lesen: sie ist für diesen Server verschlossen, Notizen und Entwürfe darin noch "
            "einmal mit den Schlüsseln des Teams und der Person",
            "der Person Einträge unterschieben: sie ist von ihr unterschrieben",
        ),
    )


def _hostile_server() -> Threat:
    return Threat(
        "Jemand beherrscht den laufenden Server",
        (
            "Einträge zurückhalten, offene Angaben ändern (einen Tag, eine Zuständigkeit) und "
            "einem neu eingerichteten Telefon einen alten Stand zeigen",
            "zusammen mit jemandem, der einmal aB-pAp war oder ein entwertetes Blatt hat, eine "
            "zurückdatierte Aufnahme vorweisen, der die Telefone glauben",
            "eine veränderte App ausliefern, die Passwörter abgreift: Eine Web-App vertraut dem "
            "Server, von dem sie kommt. Deshalb gehört der Server in Hände, denen das Amt traut",
        ),
        (
            "Versiegeltes lesen, in einen anderen Fall verschieben oder jemand anderem "
            "zuschreiben: Das Telefon bemerkt es und zeigt es nicht an",
            "sich einen Schlüssel erschleichen: Aufgenommen ist nur, wessen Sicherheitsnummer ein "
            "Mitglied verglichen und unterschrieben hat",
        ),
    )


def _phones() -> list[Threat]:
    return [
        Threat(
            "Jemand findet oder stiehlt ein gesperrtes Telefon",
            (
                "lesen, wie viele Einträge auf Verbindung und wie viele Schnellnotizen auf ihre "
                "Zuordnung warten",
                "die App darauf verändern und es unbemerkt zurücklegen: Was danach eingegeben "
                "wird, auch Passwort und Schnellnotizen, ließe sich mitlesen",
                "eine Schnellnotiz schreiben: Zu einem Eintrag wird sie erst, wenn die Person sie "
                "nach dem Entsperren einem Fall zuordnet",
                "Passwörter probieren, beliebig lange; die App wird dabei immer langsamer. Nach "
                f"{_usual('offline_days')} Tagen ohne Verbindung fragt sie zusätzlich beim Server "
                "nach; wer das Passwort kennt und den Speicher ausliest, umgeht das",
                "alles lesen, wenn die Person „Mit Fingerabdruck entsperren“ eingerichtet hat und "
                "das Telefon selbst schon aufgegangen ist: durch Finger, Gesicht oder PIN",
            ),
            (
                "sonst ohne Passwort etwas lesen: Alles liegt versiegelt, auch Entwürfe und "
                "Schnellnotizen",
                "mit dem Passkey allein etwas öffnen, auch nicht aus dem Google- oder Apple-Konto "
                "der Person: Was er aufschließt, liegt nur auf diesem Telefon",
            ),
        ),
        Threat(
            "Jemand hat ein entsperrtes Telefon in der Hand",
            (
                "alles lesen und schreiben, was die Person darf, bis jemand sperrt oder "
                f"{_usual('lock_minutes')} Minuten niemand das Telefon berührt",
            ),
            (
                "weiterarbeiten, sobald das Gerät gesperrt ist: Seine Anmeldung endet sofort, und "
                "sobald es sich meldet, leert es sich; was es noch abgibt, prüft eine aB-pAp",
            ),
        ),
    ]


def _finder_of_the_sheet() -> Threat:
    return Threat(
        "Jemand findet oder fotografiert das Wiederherstellungsblatt",
        (
            "zusammen mit einer gestohlenen Sicherung oder einer Einladung als aB-pAp alle Fälle "
            "lesen: Es gehört in einen Tresor",
            "auch wenn es entwertet ist: zusammen mit einer Kopie der Daten von vorher lesen, was "
            "darin steht; geöffnet bleibt, was damit schon geöffnet wurde",
        ),
        (
            "ohne Konto oder Sicherung etwas lesen: Auf dem Blatt stehen nur zwölf Wörter",
            "etwas lesen, das geschrieben wurde, nachdem eine aB-pAp es als verloren entwertet "
            "hat und die Schlüssel erneuert sind, auch nicht aus einer Sicherung; eine Einladung "
            "nützt dann nichts mehr",
        ),
    )


def _people() -> list[Threat]:
    seeing = {role: sorted(_seen_by(role)) for role in ROLES}
    blind = frozenset(role for role in ROLES if not seeing[role] and role not in STANDING_IN)
    writers = frozenset(role for role in ROLES if seeing[role])
    columns = [one for all_ in shared_tables().values() for one in all_.columns.values()]
    shared = sum(one.shared for one in columns)
    return [
        Threat(
            f"Jemand aus dem Team ({_named(writers)})",
            (
                "alle Fälle des Teams lesen und ändern; frühere Werte bleiben mit Namen nachlesbar",
                "zusammen mit dem Server Worte unter dem Namen einer Kollegin versiegeln: Wer "
                "einen Fall lesen kann, hat auch den Schlüssel, ihn zu schreiben",
                "behalten, was sie gelesen oder abgeschrieben hat, auch nach dem Ausscheiden",
            ),
            (
                "nach dem Ausscheiden Neues abrufen: Das Konto ruht, jede Anmeldung endet sofort",
                "nach dem Ausscheiden Neues lesen, auch nicht aus einer gestohlenen Sicherung: Die "
                "Telefone der anderen erneuern die Schlüssel von selbst",
            ),
            writers,
        ),
        Threat(
            f"Jemand in Vertretung ({_named(STANDING_IN)})",
            (
                "von den übergebenen Fällen bis zum letzten Tag lesen, was sie braucht: "
                f"{shared} der {len(columns)} Angaben, im Verzeichnis so bezeichnet",
                "behalten, was sie gelesen oder abgeschrieben hat",
            ),
            (
                "andere Fälle sehen oder erfahren, dass es sie gibt",
                "nach dem letzten Tag nachlesen: Das Telefon vergisst den Fall, auch ohne Netz",
            ),
            STANDING_IN,
        ),
        Threat(
            _named(blind),
            (
                "Namen und Rollen im Team sehen; die Verwaltung pflegt Konten und Geräte und sieht "
                "von einem gesperrten Gerät die Pseudonyme der Fälle, die darauf liegen konnten",
            ),
            ("Fälle oder Einträge sehen: Sie haben keinen Schlüssel, auch nicht die Verwaltung",),
            blind,
        ),
    ]


def _strangers(config: Config) -> list[Threat]:
    return [
        Threat(
            "Jemand fängt einen Einladungslink ab",
            (
                f"einmal und innerhalb von {_usual('invitation_hours')} Stunden das Konto der "
                "eingeladenen Person einrichten",
            ),
            (
                "etwas lesen: Erst nimmt ein Mitglied die Person auf und vergleicht dabei die "
                "Sicherheitsnummer",
            ),
        ),
        Threat(
            "Jemand hört die Verbindung ab",
            ("sehen, dass ein Telefon mit dem Server spricht, wann und wie viel",),
            ("mitlesen: Die Verbindung ist verschlüsselt, und ihr Inhalt ist es noch einmal",),
        ),
        Threat(
            "Etwas wurde endgültig gelöscht",
            (
                "in älteren Sicherungen für die lesbar sein, die den Schlüssel haben, höchstens "
                f"{config.backup_days} Tage lang",
            ),
            ("aus einer Sicherung zurückkommen: Die Löschung wird beim Zurückspielen angewandt",),
        ),
    ]


def _usual(setting: str) -> int:
    """What holds where an office has decided nothing else."""
    return SETTINGS[setting].default


def _seen_by(role: str) -> set[str]:
    return {name for name, declared in tables().items() if role in declared.readers}


def _named(roles: frozenset[str]) -> str:
    return ", ".join(label for role, label in ROLES.items() if role in roles)
