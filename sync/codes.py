"""The one catalogue: what can go wrong, and the code lists with their German labels.

`sync/codes.ts` is generated from this file by `zuzweit generate`; nothing else may hold a
German label or an error message that both ends know. Pure data: no I/O, no clock.

An error's *kind* is the HTTP status of a whole refused request, or, for the verdict on one
operation or envelope inside `POST /api/sync`, the verdict's name: `"refused"`, `"retry"`, `"held"`.
Codes of kind `"phone"` arise on the phone alone and never travel.
"""

from typing import Final

ErrorKind = int | str

ERRORS: Final[dict[str, tuple[ErrorKind, str]]] = {
    # The request as a whole.
    "malformed": (400, "Die Anfrage war nicht lesbar. Bitte laden Sie die App neu."),
    "invalid": (400, "Eine Angabe ist nicht zulässig. Bitte prüfen Sie das genannte Feld."),
    "csrf": (400, "Die Sitzung war nicht mehr gültig. Bitte versuchen Sie es noch einmal."),
    "weak_parameters": (
        400,
        "Das Passwort würde zu schwach geschützt. Bitte laden Sie die App neu.",
    ),
    "bad_signature": (
        400,
        "Die Unterschrift passt nicht zu den Angaben. Bitte vergleichen Sie die Nummern erneut.",
    ),
    "protocol_unknown": (
        400,
        "Diese App-Version spricht nicht mit dem Server. Bitte laden Sie die App neu.",
    ),
    "sign_in_needed": (
        401,
        "Bitte melden Sie sich neu an. Ihre Einträge bleiben auf diesem Telefon gespeichert.",
    ),
    "wrong_sign_in": (401, "Anmeldename oder Passwort stimmt nicht. Bitte prüfen Sie beides."),
    "device_locked": (
        403,
        "Dieses Gerät wurde gesperrt und leert sich. Bitte wenden Sie sich an die Verwaltung.",
    ),
    "not_allowed": (403, "Dafür fehlt Ihnen die Berechtigung."),
    "not_admitted": (
        403,
        "Sie sind noch nicht aufgenommen. Bitte vergleichen Sie die Sicherheitsnummer "
        "mit einer Person aus dem Team.",
    ),
    "not_found": (404, "Das gibt es hier nicht."),
    "method_not_allowed": (405, "Das ist an dieser Stelle nicht möglich."),
    "epoch_exists": (409, "Der Teamschlüssel wurde bereits auf einem anderen Telefon angelegt."),
    "device_cloned": (
        409,
        "Die Daten dieses Telefons wurden offenbar kopiert. Die App vergibt eine neue Nummer "
        "und sendet Ihre Einträge noch einmal.",
    ),
    "device_taken": (
        409,
        "Diese Gerätenummer ist schon vergeben. Bitte versuchen Sie es noch einmal.",
    ),
    "wrong_device": (
        409,
        "Dieses Telefon ist unter einer anderen Nummer angemeldet. Bitte melden Sie sich neu an.",
    ),
    "statement_mismatch": (
        409,
        "Rolle oder Schlüssel dieser Person haben sich geändert. Bitte synchronisieren Sie "
        "und vergleichen Sie die Nummern erneut.",
    ),
    "password_changed": (
        409,
        "Beim Server gilt ein anderes Passwort. Bitte nehmen Sie Ihr neues.",
    ),
    "invitation_invalid": (
        410,
        "Diese Einladung gilt nicht mehr. Bitte lassen Sie sich eine neue geben.",
    ),
    "batch_too_large": (
        413,
        "Zu viele Einträge auf einmal. Die App sendet sie in kleineren Teilen.",
    ),
    "body_too_large": (413, "Die Anfrage ist zu groß."),
    "unsupported_media_type": (415, "Dieses Format versteht der Server nicht."),
    "too_many_attempts": (
        429,
        "Zu viele Fehlversuche. Bitte warten Sie einen Moment und versuchen Sie es dann erneut.",
    ),
    "internal": (
        500,
        "Auf dem Server ist ein Fehler aufgetreten. Ihre Einträge bleiben auf dem Telefon. "
        "Bitte versuchen Sie es später noch einmal.",
    ),
    "busy": (503, "Der Server ist gerade ausgelastet. Bitte versuchen Sie es gleich noch einmal."),
    # One operation or envelope: refused for good.
    "unknown_table": ("refused", "Diese Art von Eintrag kennt der Server nicht."),
    "unknown_column": ("refused", "Eine Angabe ist dem Server unbekannt."),
    "wrong_type": ("refused", "Eine Angabe hat die falsche Form."),
    "unknown_code": ("refused", "Eine Auswahl ist nicht bekannt. Bitte wählen Sie neu."),
    "operation_malformed": (
        "refused",
        "Der Eintrag ist nicht lesbar. Bitte laden Sie die App neu.",
    ),
    "column_required": ("refused", "Es fehlt eine Angabe. Bitte ergänzen Sie sie."),
    "column_fixed": ("refused", "Diese Angabe lässt sich nachträglich nicht mehr ändern."),
    "column_given_by_server": ("refused", "Diese Angabe vergibt der Server."),
    "sealed_malformed": (
        "refused",
        "Eine versiegelte Angabe ist beschädigt. Bitte geben Sie sie neu ein.",
    ),
    "base_not_text": (
        "refused",
        "Nur Texte haben mehrere Fassungen. Bitte laden Sie die App neu.",
    ),
    "person_unknown": ("refused", "Die genannte Person gehört nicht zum Team."),
    "row_unknown": ("refused", "Diesen Eintrag gibt es nicht, oder Sie dürfen ihn nicht sehen."),
    "row_refused": (
        "refused",
        "Der zugehörige Eintrag wurde abgelehnt. Bitte klären Sie ihn zuerst.",
    ),
    "role_may_not": ("refused", "Dafür fehlt Ihnen die Berechtigung."),
    "wrong_key": ("refused", "Der Eintrag ist mit dem falschen Schlüssel versiegelt."),
    "bad_envelope": ("refused", "Ein Schlüssel wurde nicht angenommen."),
    "envelope_exists": (
        "refused",
        "Für diese Person ist schon ein anderer Schlüssel hinterlegt.",
    ),
    "erased": ("refused", "Dieser Eintrag wurde endgültig gelöscht."),
    # One operation: kept aside until an aB-pAp decides.
    "late_work": (
        "held",
        "Die Vertretung für diesen Fall ist beendet. Eine aB-pAp entscheidet, ob der Eintrag "
        "übernommen wird.",
    ),
    # One operation or envelope: not now, it stays queued.
    "key_open": ("retry", "Der Schlüssel dieses Eintrags ist noch nicht beim Server angekommen."),
    "row_open": ("retry", "Der zugehörige Eintrag ist noch nicht beim Server angekommen."),
    "restoring": (
        "retry",
        "Der Server wurde aus einer Sicherung wiederhergestellt. Der Eintrag wartet auf das, "
        "was andere Telefone noch nachreichen.",
    ),
    "schema_newer": ("retry", "Der Server wird gerade erneuert. Der Eintrag wird später gesendet."),
    # On the phone alone.
    "wrong_password": ("phone", "Das Passwort stimmt nicht."),
    "wait_before_retry": (
        "phone",
        "Bitte warten Sie einen Moment, bevor Sie es noch einmal versuchen.",
    ),
    "offline_too_long": (
        "phone",
        "Dieses Telefon war zu lange ohne Verbindung. Bitte entsperren Sie es, wo Netz ist. "
        "Ihre Einträge bleiben gespeichert.",
    ),
    "not_saved": (
        "phone",
        "Der Eintrag wurde nicht gespeichert. Bitte versuchen Sie es noch einmal.",
    ),
    "storage_full": (
        "phone",
        "Der Speicher dieses Telefons ist voll. Es wurde nichts gespeichert. "
        "Bitte schaffen Sie Platz und versuchen Sie es noch einmal.",
    ),
    "storage_failed": (
        "phone",
        "Auf den Speicher dieses Telefons war kein Zugriff möglich. "
        "Bitte schließen Sie die App und öffnen Sie sie neu.",
    ),
    "store_lost": (
        "phone",
        "Der Browser hat die Daten dieser App von diesem Telefon gelöscht. Was noch nicht "
        "gesichert war, ist verloren. Bitte melden Sie sich neu an.",
    ),
    "locked": ("phone", "Die App ist gesperrt. Bitte entsperren Sie sie zuerst."),
    "unsent_entries": (
        "phone",
        "Auf diesem Telefon liegen Einträge, die noch nicht gesichert sind. "
        "Bitte synchronisieren Sie zuerst.",
    ),
    "rescue_key_missing": (
        "phone",
        "Dieses Telefon weiß noch nicht, für wen es die Sicherungsdatei verschließen soll. "
        "Dazu braucht es einmal Verbindung zum Server.",
    ),
    "draft_newer": (
        "phone",
        "Dieser Entwurf ist von einer neueren Version der App. Bitte laden Sie die App neu.",
    ),
    "unreadable_value": (
        "phone",
        "Der bisherige Wert ist auf diesem Gerät nicht lesbar und wird nicht überschrieben.",
    ),
    "key_missing": (
        "phone",
        "Der Schlüssel dieses Falls ist noch nicht auf diesem Telefon.",
    ),
    "keys_changed": (
        "phone",
        "Schlüssel oder Rolle dieser Person haben sich seit dem Vergleich geändert. Öffnen Sie "
        "diese Seite neu und vergleichen Sie die Nummer noch einmal.",
    ),
    "recovery_wrong": (
        "phone",
        "Diese Wörter gehören nicht zum Blatt Ihres Teams, das zurzeit gilt. Bitte prüfen Sie "
        "jedes Wort.",
    ),
    "profile_refused": (
        "phone",
        "Die Anmeldedaten vom Server passen nicht zu diesem Konto. "
        "Aus Sicherheitsgründen wurde nichts geöffnet.",
    ),
    "too_long": ("phone", "Dieser Text ist zu lang. Bitte kürzen Sie ihn."),
    "not_a_member": ("phone", "Diese Person ist auf diesem Telefon nicht bekannt."),
    "weak_password": (
        "phone",
        "Bitte wählen Sie ein Passwort mit mindestens 14 Zeichen oder fünf Wörtern.",
    ),
    "unreachable": (
        "phone",
        "Der Server ist gerade nicht erreichbar. Ihre Einträge bleiben auf diesem Telefon.",
    ),
}

ROLES: Final[dict[str, str]] = {
    "ab_pap": "aB-pAp",
    "deputy": "Vertretung",
    "pap": "pAp",
    "team_leader": "Teamleitung",
    "admin": "Verwaltung",
}

PLACE_KINDS: Final[dict[str, str]] = {
    "doorstep": "Wohnungstür",
    "in_flat": "In der Wohnung",
    "cafe": "Café",
    "youth_centre": "Jugendzentrum",
    "multigeneration_house": "Mehrgenerationenhaus",
    "other_facility": "Andere Einrichtung",
    "public_space": "Öffentlicher Raum",
    "accompaniment": "Begleitung zu einem Termin",
    "phone_message": "Telefon/Nachricht",
    "jobcenter": "Jobcenter",
}

OUTCOMES: Final[dict[str, str]] = {
    "nobody_met": "Niemand angetroffen",
    "other_person_only": "Nur andere Person angetroffen",
    "message_left": "Nachricht hinterlassen",
    "wrong_address": "Anschrift stimmt nicht",
    "no_talk_wanted": "Kein Gespräch gewünscht",
    "talk_broken_off": "Gespräch abgebrochen",
    "short_talk": "Kurzes Gespräch",
    "long_talk": "Ausführliches Gespräch",
}

WHO_OPENED: Final[dict[str, str]] = {
    "family": "Familie",
    "flatmate": "Mitbewohnende",
    "unknown": "Unbekannt",
}

TOPICS: Final[dict[str, str]] = {
    "housing": "Wohnen",
    "money": "Geld und Schulden",
    "health": "Gesundheit",
    "addiction": "Sucht",
    "family": "Familie und Beziehungen",
    "child_care": "Kinderbetreuung",
    "school": "Schule und Abschluss",
    "training": "Ausbildung",
    "work": "Arbeit",
    "authorities": "Ämter und Anträge",
    "justice": "Polizei und Gericht",
    "leisure": "Freizeit und Tagesablauf",
    "other": "Anderes Thema",
}

CORE_TASKS: Final[dict[str, str]] = {
    "placement": "Vermittlung, Beratung und Integration",
    "support_level": "Betreuungsstufe und Motivation",
    "benefit_unit": "Beratung der Bedarfsgemeinschaft",
    "legal_information": "Entscheidungen und Rechtsauskünfte",
    "relationship": "Beziehungsaufbau",
}

CASE_KINDS: Final[dict[str, str]] = {
    "handover": "Fallübergabe",
    "individual_order": "Einzelauftrag",
}

TARGET_GROUPS: Final[dict[str, str]] = {
    "hard_to_reach": "Schwer erreichbar",
    "severe_problems": "Massive Problemlagen",
    "individual": "Individuelle Fallgestaltung",
}

# Every list by the name a column's declaration uses (`codes="place_kind"`).
CODES: Final[dict[str, dict[str, str]]] = {
    "role": ROLES,
    "place_kind": PLACE_KINDS,
    "outcome": OUTCOMES,
    "who_opened": WHO_OPENED,
    "topics": TOPICS,
    "core_tasks": CORE_TASKS,
    "case_kind": CASE_KINDS,
    "target_group": TARGET_GROUPS,
}
