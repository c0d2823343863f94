// Written by `zuzweit generate` from sync/codes.py. Do not edit.

/** Codes with their German labels, in the order people see them. */
export type CodeList = Readonly<Record<string, string>>;

export const ROLES: CodeList = {
  ab_pap: "aB-pAp",
  deputy: "Vertretung",
  pap: "pAp",
  team_leader: "Teamleitung",
  admin: "Verwaltung",
};

export type Role = "ab_pap" | "deputy" | "pap" | "team_leader" | "admin";

export const PLACE_KINDS: CodeList = {
  doorstep: "Wohnungstür",
  in_flat: "In der Wohnung",
  cafe: "Café",
  youth_centre: "Jugendzentrum",
  multigeneration_house: "Mehrgenerationenhaus",
  other_facility: "Andere Einrichtung",
  public_space: "Öffentlicher Raum",
  accompaniment: "Begleitung zu einem Termin",
  phone_message: "Telefon/Nachricht",
  jobcenter: "Jobcenter",
};

export type PlaceKind =
  | "doorstep"
  | "in_flat"
  | "cafe"
  | "youth_centre"
  | "multigeneration_house"
  | "other_facility"
  | "public_space"
  | "accompaniment"
  | "phone_message"
  | "jobcenter";

export const OUTCOMES: CodeList = {
  nobody_met: "Niemand angetroffen",
  other_person_only: "Nur andere Person angetroffen",
  message_left: "Nachricht hinterlassen",
  wrong_address: "Anschrift stimmt nicht",
  no_talk_wanted: "Kein Gespräch gewünscht",
  talk_broken_off: "Gespräch abgebrochen",
  short_talk: "Kurzes Gespräch",
  long_talk: "Ausführliches Gespräch",
};

export type Outcome =
  | "nobody_met"
  | "other_person_only"
  | "message_left"
  | "wrong_address"
  | "no_talk_wanted"
  | "talk_broken_off"
  | "short_talk"
  | "long_talk";

export const WHO_OPENED: CodeList = {
  family: "Familie",
  flatmate: "Mitbewohnende",
  unknown: "Unbekannt",
};

export type WhoOpened = "family" | "flatmate" | "unknown";

export const TOPICS: CodeList = {
  housing: "Wohnen",
  money: "Geld und Schulden",
  health: "Gesundheit",
  addiction: "Sucht",
  family: "Familie und Beziehungen",
  child_care: "Kinderbetreuung",
  school: "Schule und Abschluss",
  training: "Ausbildung",
  work: "Arbeit",
  authorities: "Ämter und Anträge",
  justice: "Polizei und Gericht",
  leisure: "Freizeit und Tagesablauf",
  other: "Anderes Thema",
};

export type Topic =
  | "housing"
  | "money"
  | "health"
  | "addiction"
  | "family"
  | "child_care"
  | "school"
  | "training"
  | "work"
  | "authorities"
  | "justice"
  | "leisure"
  | "other";

export const CORE_TASKS: CodeList = {
  placement: "Vermittlung, Beratung und Integration",
  support_level: "Betreuungsstufe und Motivation",
  benefit_unit: "Beratung der Bedarfsgemeinschaft",
  legal_information: "Entscheidungen und Rechtsauskünfte",
  relationship: "Beziehungsaufbau",
};

export type CoreTask =
  | "placement"
  | "support_level"
  | "benefit_unit"
  | "legal_information"
  | "relationship";

export const CASE_KINDS: CodeList = {
  handover: "Fallübergabe",
  individual_order: "Einzelauftrag",
};

export type CaseKind = "handover" | "individual_order";

export const TARGET_GROUPS: CodeList = {
  hard_to_reach: "Schwer erreichbar",
  severe_problems: "Massive Problemlagen",
  individual: "Individuelle Fallgestaltung",
};

export type TargetGroup = "hard_to_reach" | "severe_problems" | "individual";

/** Every list by the name a column's declaration uses. */
export const CODES: Readonly<Record<string, CodeList>> = {
  role: ROLES,
  place_kind: PLACE_KINDS,
  outcome: OUTCOMES,
  who_opened: WHO_OPENED,
  topics: TOPICS,
  core_tasks: CORE_TASKS,
  case_kind: CASE_KINDS,
  target_group: TARGET_GROUPS,
};

/** An HTTP status, a verdict, or `phone` for what arises on the phone alone. */
export type ErrorKind = number | "refused" | "retry" | "held" | "phone";

/** What can go wrong: its kind, and the message people read. */
export const ERRORS: Readonly<Record<string, readonly [ErrorKind, string]>> = {
  malformed: [400, "Die Anfrage war nicht lesbar. Bitte laden Sie die App neu."],
  invalid: [400, "Eine Angabe ist nicht zulässig. Bitte prüfen Sie das genannte Feld."],
  csrf: [400, "Die Sitzung war nicht mehr gültig. Bitte versuchen Sie es noch einmal."],
  weak_parameters: [400, "Das Passwort würde zu schwach geschützt. Bitte laden Sie die App neu."],
  bad_signature: [
    400,
    "Die Unterschrift passt nicht zu den Angaben. Bitte vergleichen Sie die Nummern erneut.",
  ],
  protocol_unknown: [
    400,
    "Diese App-Version spricht nicht mit dem Server. Bitte laden Sie die App neu.",
  ],
  sign_in_needed: [
    401,
    "Bitte melden Sie sich neu an. Ihre Einträge bleiben auf diesem Telefon gespeichert.",
  ],
  wrong_sign_in: [401, "Anmeldename oder Passwort stimmt nicht. Bitte prüfen Sie beides."],
  device_locked: [
    403,
    "Dieses Gerät wurde gesperrt und leert sich. Bitte wenden Sie sich an die Verwaltung.",
  ],
  not_allowed: [403, "Dafür fehlt Ihnen die Berechtigung."],
  not_admitted: [
    403,
    "Sie sind noch nicht aufgenommen. Bitte vergleichen Sie die Sicherheitsnummer mit einer Person aus dem Team.",
  ],
  not_found: [404, "Das gibt es hier nicht."],
  method_not_allowed: [405, "Das ist an dieser Stelle nicht möglich."],
  epoch_exists: [409, "Der Teamschlüssel wurde bereits auf einem anderen Telefon angelegt."],
  device_cloned: [
    409,
    "Die Daten dieses Telefons wurden offenbar kopiert. Die App vergibt eine neue Nummer und sendet Ihre Einträge noch einmal.",
  ],
  device_taken: [409, "Diese Gerätenummer ist schon vergeben. Bitte versuchen Sie es noch einmal."],
  wrong_device: [
    409,
    "Dieses Telefon ist unter einer anderen Nummer angemeldet. Bitte melden Sie sich neu an.",
  ],
  statement_mismatch: [
    409,
    "Rolle oder Schlüssel dieser Person haben sich geändert. Bitte synchronisieren Sie und vergleichen Sie die Nummern erneut.",
  ],
  password_changed: [409, "Beim Server gilt ein anderes Passwort. Bitte nehmen Sie Ihr neues."],
  invitation_invalid: [
    410,
    "Diese Einladung gilt nicht mehr. Bitte lassen Sie sich eine neue geben.",
  ],
  batch_too_large: [413, "Zu viele Einträge auf einmal. Die App sendet sie in kleineren Teilen."],
  body_too_large: [413, "Die Anfrage ist zu groß."],
  unsupported_media_type: [415, "Dieses Format versteht der Server nicht."],
  too_many_attempts: [
    429,
    "Zu viele Fehlversuche. Bitte warten Sie einen Moment und versuchen Sie es dann erneut.",
  ],
  internal: [
    500,
    "Auf dem Server ist ein Fehler aufgetreten. Ihre Einträge bleiben auf dem Telefon. Bitte versuchen Sie es später noch einmal.",
  ],
  busy: [503, "Der Server ist gerade ausgelastet. Bitte versuchen Sie es gleich noch einmal."],
  unknown_table: ["refused", "Diese Art von Eintrag kennt der Server nicht."],
  unknown_column: ["refused", "Eine Angabe ist dem Server unbekannt."],
  wrong_type: ["refused", "Eine Angabe hat die falsche Form."],
  unknown_code: ["refused", "Eine Auswahl ist nicht bekannt. Bitte wählen Sie neu."],
  operation_malformed: ["refused", "Der Eintrag ist nicht lesbar. Bitte laden Sie die App neu."],
  column_required: ["refused", "Es fehlt eine Angabe. Bitte ergänzen Sie sie."],
  column_fixed: ["refused", "Diese Angabe lässt sich nachträglich nicht mehr ändern."],
  column_given_by_server: ["refused", "Diese Angabe vergibt der Server."],
  sealed_malformed: [
    "refused",
    "Eine versiegelte Angabe ist beschädigt. Bitte geben Sie sie neu ein.",
  ],
  base_not_text: ["refused", "Nur Texte haben mehrere Fassungen. Bitte laden Sie die App neu."],
  person_unknown: ["refused", "Die genannte Person gehört nicht zum Team."],
  row_unknown: ["refused", "Diesen Eintrag gibt es nicht, oder Sie dürfen ihn nicht sehen."],
  row_refused: ["refused", "Der zugehörige Eintrag wurde abgelehnt. Bitte klären Sie ihn zuerst."],
  role_may_not: ["refused", "Dafür fehlt Ihnen die Berechtigung."],
  wrong_key: ["refused", "Der Eintrag ist mit dem falschen Schlüssel versiegelt."],
  bad_envelope: ["refused", "Ein Schlüssel wurde nicht angenommen."],
  envelope_exists: ["refused", "Für diese Person ist schon ein anderer Schlüssel hinterlegt."],
  erased: ["refused", "Dieser Eintrag wurde endgültig gelöscht."],
  late_work: [
    "held",
    "Die Vertretung für diesen Fall ist beendet. Eine aB-pAp entscheidet, ob der Eintrag übernommen wird.",
  ],
  key_open: ["retry", "Der Schlüssel dieses Eintrags ist noch nicht beim Server angekommen."],
  row_open: ["retry", "Der zugehörige Eintrag ist noch nicht beim Server angekommen."],
  restoring: [
    "retry",
    "Der Server wurde aus einer Sicherung wiederhergestellt. Der Eintrag wartet auf das, was andere Telefone noch nachreichen.",
  ],
  schema_newer: ["retry", "Der Server wird gerade erneuert. Der Eintrag wird später gesendet."],
  wrong_password: ["phone", "Das Passwort stimmt nicht."],
  wait_before_retry: [
    "phone",
    "Bitte warten Sie einen Moment, bevor Sie es noch einmal versuchen.",
  ],
  offline_too_long: [
    "phone",
    "Dieses Telefon war zu lange ohne Verbindung. Bitte entsperren Sie es, wo Netz ist. Ihre Einträge bleiben gespeichert.",
  ],
  not_saved: ["phone", "Der Eintrag wurde nicht gespeichert. Bitte versuchen Sie es noch einmal."],
  storage_full: [
    "phone",
    "Der Speicher dieses Telefons ist voll. Es wurde nichts gespeichert. Bitte schaffen Sie Platz und versuchen Sie es noch einmal.",
  ],
  storage_failed: [
    "phone",
    "Auf den Speicher dieses Telefons war kein Zugriff möglich. Bitte schließen Sie die App und öffnen Sie sie neu.",
  ],
  store_lost: [
    "phone",
    "Der Browser hat die Daten dieser App von diesem Telefon gelöscht. Was noch nicht gesichert war, ist verloren. Bitte melden Sie sich neu an.",
  ],
  locked: ["phone", "Die App ist gesperrt. Bitte entsperren Sie sie zuerst."],
  unsent_entries: [
    "phone",
    "Auf diesem Telefon liegen Einträge, die noch nicht gesichert sind. Bitte synchronisieren Sie zuerst.",
  ],
  rescue_key_missing: [
    "phone",
    "Dieses Telefon weiß noch nicht, für wen es die Sicherungsdatei verschließen soll. Dazu braucht es einmal Verbindung zum Server.",
  ],
  draft_newer: [
    "phone",
    "Dieser Entwurf ist von einer neueren Version der App. Bitte laden Sie die App neu.",
  ],
  unreadable_value: [
    "phone",
    "Der bisherige Wert ist auf diesem Gerät nicht lesbar und wird nicht überschrieben.",
  ],
  key_missing: ["phone", "Der Schlüssel dieses Falls ist noch nicht auf diesem Telefon."],
  keys_changed: [
    "phone",
    "Schlüssel oder Rolle dieser Person haben sich seit dem Vergleich geändert. Öffnen Sie diese Seite neu und vergleichen Sie die Nummer noch einmal.",
  ],
  recovery_wrong: [
    "phone",
    "Diese Wörter gehören nicht zum Blatt Ihres Teams, das zurzeit gilt. Bitte prüfen Sie jedes Wort.",
  ],
  profile_refused: [
    "phone",
    "Die Anmeldedaten vom Server passen nicht zu diesem Konto. Aus Sicherheitsgründen wurde nichts geöffnet.",
  ],
  too_long: ["phone", "Dieser Text ist zu lang. Bitte kürzen Sie ihn."],
  not_a_member: ["phone", "Diese Person ist auf diesem Telefon nicht bekannt."],
  weak_password: [
    "phone",
    "Bitte wählen Sie ein Passwort mit mindestens 14 Zeichen oder fünf Wörtern.",
  ],
  unreachable: [
    "phone",
    "Der Server ist gerade nicht erreichbar. Ihre Einträge bleiben auf diesem Telefon.",
  ],
};
