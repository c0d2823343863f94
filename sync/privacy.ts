// Written by `zuzweit generate` from the declarations in server. Do not edit.

/** A column in words; a sealed one needs no reason to be clear. */
export interface Told {
  readonly meaning: string;
  readonly sealed?: true;
  readonly why?: string;
  /** Somebody who stands in sees it of the cases handed to her. */
  readonly shared?: true;
}

/** A table in words, with its columns by name. */
export interface Register {
  readonly title: string;
  readonly purpose: string;
  readonly columns: Readonly<Record<string, Told>>;
}

/** Somebody, what she could do, and what she cannot. */
export interface Threat {
  readonly who: string;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

/** What phones and server share, by table. */
export const SHARED: Readonly<Record<string, Register>> = {
  client_case: {
    title: "Fälle",
    purpose: "Ein Fall: eine Person, die aufgesucht wird, mit den Tagen der Schritte.",
    columns: {
      deleted_at: {
        meaning: "Zeitpunkt, zu dem der Eintrag gelöscht wurde",
        why: "Der Server räumt Gelöschtes nach der Aufbewahrungsfrist endgültig ab.",
      },
      pseudonym: {
        meaning: "Pseudonym des Falls",
        why: "Der Server vergibt es, damit jede Nummer im Team nur einmal vorkommt.",
        shared: true,
      },
      kind: {
        meaning: "Art des Falls: Fallübergabe oder Einzelauftrag",
        why: "Fristen und Reihenfolge der Schritte hängen von der Art ab.",
        shared: true,
      },
      counsellor: {
        meaning: "Zuständige Beratungsperson",
        why: "Erinnerungen des Servers gehen an die zuständige Person.",
        shared: true,
      },
      transferring_counsellor: {
        meaning: "Bisherige Ansprechperson (pAp)",
        why: "Der Server zeigt dieser Person nur die Tage ihrer eigenen Fälle.",
      },
      handed_over: {
        meaning: "Tag der Übergabe",
        why: "Erinnerung an den ersten Kontakt und Prüfung der Reihenfolge der Schritte.",
      },
      first_contact: {
        meaning: "Tag des ersten Kontakts",
        why: "Beendet die Erinnerung an den ersten Kontakt.",
      },
      activation_limit: {
        meaning: "Letzter Tag der Aktivierungsphase",
        why: "Der Server erinnert vor dem Ende der Aktivierungsphase.",
      },
      closed: {
        meaning: "Tag des Abschlusses",
        why: "Beendet alle Erinnerungen und beginnt die Aufbewahrungsfrist.",
      },
      name: {
        meaning: "Name der Person",
        sealed: true,
        shared: true,
      },
      date_of_birth: {
        meaning: "Geburtsdatum",
        sealed: true,
      },
      client_number: {
        meaning: "Kundennummer",
        sealed: true,
      },
      phone: {
        meaning: "Telefonnummer",
        sealed: true,
        shared: true,
      },
      address: {
        meaning: "Anschrift",
        sealed: true,
        shared: true,
      },
      reach_via: {
        meaning: "Wie die Person zu erreichen ist",
        sealed: true,
        shared: true,
      },
      target_group: {
        meaning: "Zielgruppe",
        sealed: true,
      },
      target_detail: {
        meaning: "Erläuterung zur Zielgruppe",
        sealed: true,
      },
      situation: {
        meaning: "Lebenslage",
        sealed: true,
      },
      wishes: {
        meaning: "Wünsche der Person",
        sealed: true,
      },
      hazard: {
        meaning: "Hinweis zur Sicherheit bei Besuchen",
        sealed: true,
        shared: true,
      },
    },
  },
  handed_case: {
    title: "Übergaben an Vertretungen",
    purpose: "Ein Fall, der für eine Zeit an eine Vertretung übergeben ist.",
    columns: {
      deleted_at: {
        meaning: "Zeitpunkt, zu dem der Eintrag gelöscht wurde",
        why: "Der Server räumt Gelöschtes nach der Aufbewahrungsfrist endgültig ab.",
      },
      case: {
        meaning: "Fall, der übergeben ist",
        why: "Der Server gibt der Vertretung nur die Einträge dieses Falls.",
        shared: true,
      },
      deputy: {
        meaning: "Person, die vertritt",
        why: "Der Server gibt die Einträge des Falls nur dieser Person.",
        shared: true,
      },
      starts: {
        meaning: "Erster Tag der Vertretung",
        why: "Von diesem Tag an gibt der Server die Einträge heraus.",
        shared: true,
      },
      until: {
        meaning: "Letzter Tag der Vertretung",
        why: "Nach diesem Tag gibt der Server nichts mehr heraus und hält späte Arbeit zurück.",
        shared: true,
      },
      note: {
        meaning: "Übergabenotiz: wie erreichen, was als Nächstes, worauf achten",
        sealed: true,
        shared: true,
      },
    },
  },
  visit: {
    title: "Besuche und Kontakte",
    purpose: "Ein geplanter Besuch, ein Kontakt oder Kontaktversuch außerhalb des Büros.",
    columns: {
      deleted_at: {
        meaning: "Zeitpunkt, zu dem der Eintrag gelöscht wurde",
        why: "Der Server räumt Gelöschtes nach der Aufbewahrungsfrist endgültig ab.",
      },
      case: {
        meaning: "Fall, zu dem der Kontakt gehört",
        why: "Der Server prüft daran, mit welchem Schlüssel der Kontakt versiegelt sein muss.",
        shared: true,
      },
      counsellor: {
        meaning: "Beratungsperson, die den Kontakt hatte",
        why: "Erinnerungen zu diesem Kontakt gehen an diese Person.",
        shared: true,
      },
      companion: {
        meaning: "Zweite Person beim Besuch",
        why: "Erinnerungen und Alarme zu diesem Besuch gehen auch an sie.",
        shared: true,
      },
      planned_start: {
        meaning: "Geplanter Beginn des Besuchs",
        why: "Der Server erinnert an den geplanten Besuch.",
        shared: true,
      },
      planned_end: {
        meaning: "Geplantes Ende des Besuchs",
        why: "Der Server bemerkt daran, wenn sich nach einem Besuch niemand zurückmeldet.",
        shared: true,
      },
      contact_made: {
        meaning: "Tag, an dem ein Gespräch zustande kam",
        why: "Beendet die Erinnerung an den ersten Kontakt.",
        shared: true,
      },
      return_announced: {
        meaning: "Tag, an dem die Rückkehr zur bisherigen Ansprechperson besprochen wurde",
        why: "Der Server erinnert an das gemeinsame Gespräch.",
      },
      verbis_open: {
        meaning: "Ob der Kontakt noch in VerBIS nachzutragen ist",
        why: "Der Server erinnert an das Nachtragen in VerBIS.",
      },
      happened_at: {
        meaning: "Zeitpunkt des Kontakts",
        sealed: true,
        shared: true,
      },
      place_kind: {
        meaning: "Art des Ortes",
        sealed: true,
        shared: true,
      },
      place: {
        meaning: "Ort in Worten",
        sealed: true,
        shared: true,
      },
      outcome: {
        meaning: "Ergebnis des Kontakts",
        sealed: true,
        shared: true,
      },
      who_opened: {
        meaning: "Wer geöffnet hat, nur die Rolle",
        sealed: true,
      },
      topics: {
        meaning: "Besprochene Themen",
        sealed: true,
      },
      core_tasks: {
        meaning: "Kernaufgaben, um die es ging",
        sealed: true,
      },
      appointment: {
        meaning: "Vereinbarter Termin: ein Tag, wenn bekannt mit Uhrzeit",
        sealed: true,
        shared: true,
      },
      observation: {
        meaning: "Beobachtung",
        sealed: true,
      },
      assessment: {
        meaning: "Einschätzung",
        sealed: true,
      },
      wish: {
        meaning: "Wunsch der Person",
        sealed: true,
      },
      next_step: {
        meaning: "Nächster Schritt",
        sealed: true,
        shared: true,
      },
    },
  },
};

/** What the server notes of every shared row. */
export const EVERY_ROW: Register = {
  title: "Zu jedem Eintrag",
  purpose: "Damit Telefone, die zugleich schreiben, zum selben Stand kommen.",
  columns: {
    team: {
      meaning: "Team, dem der Eintrag gehört",
    },
    id: {
      meaning: "Kennung des Eintrags",
    },
    seq: {
      meaning: "Zählerstand der letzten Änderung",
    },
    created_by: {
      meaning: "Person, die den Eintrag angelegt hat",
    },
    stamp_claimed: {
      meaning: "Zeitstempel des Telefons, den die meisten Angaben teilen",
    },
    stamp_effective: {
      meaning: "Wirksamer Zeitstempel dazu",
    },
    stamp_author: {
      meaning: "Person, von der diese Angaben stammen",
    },
    own_stamps: {
      meaning: "Zeitstempel einzelner, später geänderter Angaben",
    },
    versions: {
      meaning: "Nebeneinander bestehende Fassungen eines Textes, versiegelt",
    },
    named: {
      meaning: "Zeitstempel der Fassungen, die jemand beim Schreiben vor sich hatte",
    },
    empties: {
      meaning: "Namen der Angaben, die leer gelassen wurden",
    },
  },
};

/** The server's own tables. */
export const OWN: Readonly<Record<string, Register>> = {
  audit: {
    title: "Protokoll",
    purpose: "Wer an Konten, Geräten und Einstellungen etwas geändert hat.",
    columns: {
      id: {
        meaning: "Nummer der Zeile",
      },
      team: {
        meaning: "Team",
      },
      at: {
        meaning: "Zeitpunkt",
      },
      actor: {
        meaning: "Wer; leer: die Kommandozeile",
      },
      kind: {
        meaning: "Was geschah",
      },
      subject: {
        meaning: "Woran: Nummer der Person oder des Geräts, oder die Einstellung",
      },
      detail: {
        meaning: "Näheres, etwa alter und neuer Wert; nie Inhalte",
      },
    },
  },
  device: {
    title: "Geräte",
    purpose: "Jede Sendung hat ein Gerät, und jedes Gerät lässt sich sperren.",
    columns: {
      id: {
        meaning: "Nummer des Geräts",
      },
      user: {
        meaning: "Wem es dient",
      },
      label: {
        meaning: "Bezeichnung: die Art des Telefons, oder wie das Büro es nennt",
      },
      number: {
        meaning: "Nummer des Diensttelefons",
      },
      listed_on: {
        meaning: "Stand der Telefonliste, aus der die Nummer ist",
      },
      last_effective: {
        meaning: "Letzter vergebener Zeitstempel",
      },
      highest_n: {
        meaning: "Höchste beschiedene eigene Nummer",
      },
      created_at: {
        meaning: "Zeitpunkt der ersten Anmeldung darauf",
      },
      last_contact: {
        meaning: "Letzter Kontakt, auf zehn Minuten genau",
      },
      revoked_at: {
        meaning: "Zeitpunkt der Sperrung",
      },
      cases_at_lock: {
        meaning: "Pseudonyme der Fälle, die bei der Sperrung darauf liegen konnten",
      },
      surrendered_at: {
        meaning: "Zeitpunkt, zu dem es nach der Sperrung sein Letztes abgegeben hat",
      },
    },
  },
  envelope: {
    title: "Umschläge",
    purpose: "Schlüssel, verschlossen für die, die sie öffnen dürfen.",
    columns: {
      team: {
        meaning: "Team, dessen Schlüssel es ist",
      },
      key_id: {
        meaning: "Kennung des verschlossenen Schlüssels",
      },
      reader: {
        meaning: "Person oder Teamschlüssel, für die er verschlossen ist",
      },
      purpose: {
        meaning: "Art des Schlüssels: Team oder Fall",
      },
      owner: {
        meaning: "Fall oder Team, dem der Schlüssel gehört",
      },
      author: {
        meaning: "Person, die ihn verschlossen hat",
      },
      at: {
        meaning: "Zeitpunkt, zu dem er verschlossen wurde",
      },
      box: {
        meaning: "Der verschlossene Schlüssel",
      },
      seq: {
        meaning: "Zählerstand bei der Annahme",
      },
    },
  },
  epoch: {
    title: "Teamschlüssel",
    purpose: "Welche Teamschlüssel es gibt; die Schlüssel selbst fehlen hier.",
    columns: {
      team: {
        meaning: "Team",
      },
      epoch: {
        meaning: "Laufende Nummer des Teamschlüssels",
      },
      key_id: {
        meaning: "Kennung des Teamschlüssels",
      },
      public: {
        meaning: "Öffentliche Hälfte des Briefkastens",
      },
      previous: {
        meaning: "Kennung des Vorgängers",
      },
      author: {
        meaning: "Von wem",
      },
      at: {
        meaning: "Zeitpunkt der Unterschrift nach der Uhr des Telefons",
      },
      signature: {
        meaning: "Unterschrift",
      },
    },
  },
  erased: {
    title: "Endgültig Gelöschtes",
    purpose: "Gelöschtes kommt aus keiner Sicherung zurück.",
    columns: {
      team: {
        meaning: "Team, dem der Eintrag gehörte",
      },
      id: {
        meaning: "Kennung des gelöschten Eintrags",
      },
      at: {
        meaning: "Zeitpunkt der endgültigen Löschung",
      },
      seq: {
        meaning: "Zählerstand bei der Löschung",
      },
    },
  },
  failed_sign_in: {
    title: "Fehlversuche",
    purpose: "Wer Passwörter rät, muss immer länger warten.",
    columns: {
      kind: {
        meaning: "Gezählt nach Anmeldename, Netzadresse oder bekanntem Gerät",
      },
      subject: {
        meaning: "Verschlüsselter Abdruck des Namens, der Adresse, des Geräts",
      },
      failures: {
        meaning: "Zahl der Fehlversuche",
      },
      last_failure: {
        meaning: "Zeitpunkt des letzten Fehlversuchs",
      },
    },
  },
  held: {
    title: "Späte Einträge",
    purpose: "Zu spät oder von einem gesperrten Gerät: eine aB-pAp entscheidet.",
    columns: {
      team: {
        meaning: "Team, das entscheidet",
      },
      device: {
        meaning: "Gerät, das gesendet hat",
      },
      n: {
        meaning: "Laufende Nummer der Sendung dieses Geräts",
      },
      author: {
        meaning: "Person, die es geschrieben hat",
      },
      case: {
        meaning: "Fall, um den es geht",
      },
      row: {
        meaning: "Eintrag, um den es geht",
      },
      operation: {
        meaning: "Was gesendet wurde, versiegelt wie gesendet",
      },
      effective: {
        meaning: "Wirksamer Zeitstempel vom Eingang",
      },
      received_at: {
        meaning: "Zeitpunkt des Eingangs",
      },
      decision: {
        meaning: "Entscheidung: freigegeben oder verworfen",
      },
      decided_by: {
        meaning: "Wer entschieden hat",
      },
      decided_at: {
        meaning: "Wann entschieden wurde",
      },
    },
  },
  history: {
    title: "Frühere Werte",
    purpose: "Was überschrieben wurde, bleibt nachlesbar.",
    columns: {
      team: {
        meaning: "Team, dem der Eintrag gehört",
      },
      row: {
        meaning: "Eintrag, zu dem der frühere Wert gehört",
      },
      seq: {
        meaning: "Zählerstand, mit dem der Wert überschrieben wurde",
      },
      column: {
        meaning: "Angabe, die überschrieben wurde",
      },
      table: {
        meaning: "Art des Eintrags",
      },
      value: {
        meaning: "Früherer Wert, versiegelt wie im Eintrag",
      },
      claimed: {
        meaning: "Zeitstempel des Telefons für den früheren Wert",
      },
      effective: {
        meaning: "Wirksamer Zeitstempel des früheren Werts",
      },
      author: {
        meaning: "Person, von der der frühere Wert stammt",
      },
    },
  },
  invitation: {
    title: "Einladungen",
    purpose: "Ein Einladungslink gilt einmal und nur eine Zeit lang.",
    columns: {
      token_hash: {
        meaning: "SHA-256 des Einladungscodes",
      },
      user: {
        meaning: "Für wen",
      },
      created_at: {
        meaning: "Zeitpunkt der Einladung",
      },
      expires_at: {
        meaning: "Ende der Gültigkeit",
      },
      used_at: {
        meaning: "Zeitpunkt der Annahme",
      },
    },
  },
  job_run: {
    title: "Zeitgesteuerte Arbeiten",
    purpose: "Das Büro sieht, ob sie laufen.",
    columns: {
      name: {
        meaning: "Name der Arbeit im Programm",
      },
      finished_at: {
        meaning: "Zeitpunkt, zu dem sie zuletzt gelang",
      },
      failed_at: {
        meaning: "Zeitpunkt, zu dem sie zuletzt misslang",
      },
    },
  },
  log: {
    title: "Bestand",
    purpose: "Telefone bemerken daran, dass eine Sicherung zurückgespielt wurde.",
    columns: {
      log_id: {
        meaning: "Zufälliger Name dieses Bestands",
      },
      restored_at: {
        meaning: "Zeitpunkt, zu dem er aus einer Sicherung hervorging",
      },
    },
  },
  recovery_sheet: {
    title: "Wiederherstellungsblätter",
    purpose: "Das Geheimnis selbst steht auf Papier.",
    columns: {
      id: {
        meaning: "Nummer des Blatts",
      },
      team: {
        meaning: "Team, dem es gehört",
      },
      box_public: {
        meaning: "Öffentlicher Schlüssel für Umschläge an das Blatt",
      },
      sign_public: {
        meaning: "Öffentlicher Schlüssel seiner Unterschrift",
      },
      made_at: {
        meaning: "Zeitpunkt der Erstellung",
      },
    },
  },
  recovery_word: {
    title: "Worte zum Blatt",
    purpose: "Wer ein Wiederherstellungsblatt erstellt, wer eines benutzt hat.",
    columns: {
      team: {
        meaning: "Team, dem das Blatt gehört",
      },
      sheet: {
        meaning: "Blatt, um das es geht",
      },
      subject: {
        meaning: "Über wen: Person oder Blatt",
      },
      author: {
        meaning: "Von wem: Person oder Blatt",
      },
      role: {
        meaning: "Bezeugte Rolle",
      },
      box_public: {
        meaning: "Bezeugter Schlüssel für Umschläge",
      },
      sign_public: {
        meaning: "Bezeugter Schlüssel der Unterschrift",
      },
      at: {
        meaning: "Zeitpunkt der Unterschrift nach der Uhr des Telefons",
      },
      signature: {
        meaning: "Unterschrift",
      },
    },
  },
  refused_sign_in: {
    title: "Abgewiesene Versuche",
    purpose: "Das Büro sieht, ob jemand Passwörter rät.",
    columns: {
      day: {
        meaning: "Tag in UTC",
      },
      refused: {
        meaning: "Zahl der abgewiesenen Versuche",
      },
    },
  },
  session: {
    title: "Anmeldungen",
    purpose: "Eine Anmeldung lässt sich sofort beenden.",
    columns: {
      id: {
        meaning: "Zufälliger Name der Anmeldung",
      },
      user: {
        meaning: "Wessen",
      },
      device: {
        meaning: "Worauf",
      },
      created_at: {
        meaning: "Zeitpunkt der Anmeldung",
      },
      last_seen: {
        meaning: "Letzter Kontakt, auf zehn Minuten genau",
      },
      revoked_at: {
        meaning: "Zeitpunkt der Abmeldung oder Sperrung",
      },
    },
  },
  setting: {
    title: "Einstellungen",
    purpose: "Was das Büro anders entschieden hat als die Vorgabe.",
    columns: {
      team: {
        meaning: "Team",
      },
      name: {
        meaning: "Name der Einstellung",
      },
      value: {
        meaning: "Gewählter Wert",
      },
      changed_at: {
        meaning: "Zeitpunkt der letzten Änderung",
      },
      changed_by: {
        meaning: "Wer sie zuletzt änderte",
      },
    },
  },
  statement: {
    title: "Aufnahmen",
    purpose: "Wer wen nach Vergleich der Sicherheitsnummer aufgenommen hat.",
    columns: {
      team: {
        meaning: "Team",
      },
      subject: {
        meaning: "Über wen",
      },
      author: {
        meaning: "Von wem",
      },
      role: {
        meaning: "Bezeugte Rolle",
      },
      box_public: {
        meaning: "Bezeugter Schlüssel für Umschläge",
      },
      sign_public: {
        meaning: "Bezeugter Schlüssel der Unterschrift",
      },
      at: {
        meaning: "Zeitpunkt der Unterschrift nach der Uhr des Telefons",
      },
      signature: {
        meaning: "Unterschrift",
      },
    },
  },
  team: {
    title: "Team",
    purpose: "Hält Einträge, Nummern und Schlüssel eines Teams zusammen.",
    columns: {
      id: {
        meaning: "Nummer des Teams",
      },
      name: {
        meaning: "Name des Teams",
      },
      seq: {
        meaning: "Zähler der angenommenen Einträge und Schlüssel",
      },
      pseudonym_next: {
        meaning: "Nächste Nummer für ein Fallpseudonym",
      },
      state_mark: {
        meaning: "Zufallswert, neu bei jeder Änderung an Personen und Einstellungen des Teams",
      },
      created_at: {
        meaning: "Zeitpunkt der Einrichtung",
      },
    },
  },
  user: {
    title: "Konten",
    purpose: "Anmeldung, Rechte und die Namen der Beschäftigten im Team.",
    columns: {
      id: {
        meaning: "Nummer der Person",
      },
      team: {
        meaning: "Ihr Team",
      },
      name: {
        meaning: "Anmeldename, in Kleinbuchstaben",
      },
      display_name: {
        meaning: "Name, wie ihn das Team sieht",
      },
      role: {
        meaning: "Rolle",
      },
      created_at: {
        meaning: "Zeitpunkt der ersten Einladung",
      },
      registered_at: {
        meaning: "Zeitpunkt, zu dem sie ihr Passwort setzte",
      },
      admitted_at: {
        meaning: "Zeitpunkt der Aufnahme durch ein Mitglied",
      },
      disabled_at: {
        meaning: "Zeitpunkt, seit dem das Konto ruht",
      },
      salt: {
        meaning: "Salz ihrer Passwortableitung",
      },
      opslimit: {
        meaning: "Durchgänge ihrer Passwortableitung",
      },
      memlimit: {
        meaning: "Speicher ihrer Passwortableitung in Byte",
      },
      password_hash: {
        meaning: "Argon2id ihres Anmeldeschlüssels",
      },
      wrapped_seed: {
        meaning: "Ihr Grundgeheimnis, verschlossen mit ihrem Passwort",
      },
      box_public: {
        meaning: "Öffentlicher Schlüssel für Umschläge an sie",
      },
      sign_public: {
        meaning: "Öffentlicher Schlüssel ihrer Unterschrift",
      },
    },
  },
  verdict: {
    title: "Bescheide",
    purpose: "Nichts wird doppelt angenommen, was zweimal gesendet wird.",
    columns: {
      device: {
        meaning: "Gerät, das gesendet hat",
      },
      n: {
        meaning: "Laufende Nummer der Sendung dieses Geräts",
      },
      sha256: {
        meaning: "Prüfsumme der gesendeten Bytes",
      },
      verdict: {
        meaning: "Bescheid: angenommen oder abgelehnt",
      },
      code: {
        meaning: "Grund einer Ablehnung",
      },
      field: {
        meaning: "Angabe, um die es bei der Ablehnung geht",
      },
      effective: {
        meaning: "Wirksamer Zeitstempel, wenn er vom gesendeten abweicht",
      },
      row: {
        meaning: "Eintrag, dessen Anlage abgelehnt wurde",
      },
    },
  },
};

/** Who could do what, and what nobody can. */
export const THREATS: readonly Threat[] = [
  {
    who: "Jemand stiehlt den Server, seine Festplatte oder eine Sicherung",
    can: [
      "lesen, was offen liegt: 23 Angaben in 3 gemeinsamen und 20 eigenen Tabellen des Servers, alle im Verzeichnis der Angaben genannt; dazu gehören die Namen der Beschäftigten",
      "sehen, welches Telefon wann etwas gesendet hat und wie lang es war",
      "Passwörter raten: jeder Versuch kostet 64 MiB und 3 Durchgänge (Argon2id), und ein Passwort hat fünf gewürfelte Wörter oder mindestens 14 Zeichen",
    ],
    cannot: [
      "Namen, Anschriften, Notizen, Orte oder Ergebnisse lesen: 24 Angaben sind schon auf dem Telefon versiegelt",
    ],
  },
  {
    who: "Jemand beherrscht den laufenden Server",
    can: [
      "Einträge zurückhalten, offene Angaben ändern (einen Tag, eine Zuständigkeit) und einem neu eingerichteten Telefon einen alten Stand zeigen",
      "zusammen mit jemandem, der einmal aB-pAp war oder ein entwertetes Blatt hat, eine zurückdatierte Aufnahme vorweisen, der die Telefone glauben",
      "eine veränderte App ausliefern, die Passwörter abgreift: Eine Web-App vertraut dem Server, von dem sie kommt. Deshalb gehört der Server in Hände, denen das Amt traut",
    ],
    cannot: [
      "Versiegeltes lesen, in einen anderen Fall verschieben oder jemand anderem zuschreiben: Das Telefon bemerkt es und zeigt es nicht an",
      "sich einen Schlüssel erschleichen: Aufgenommen ist nur, wessen Sicherheitsnummer ein Mitglied verglichen und unterschrieben hat",
    ],
  },
  {
    who: "Jemand findet oder stiehlt ein gesperrtes Telefon",
    can: [
      "lesen, wie viele Einträge auf Verbindung und wie viele Schnellnotizen auf ihre Zuordnung warten",
      "die App darauf verändern und es unbemerkt zurücklegen: Was danach eingegeben wird, auch Passwort und Schnellnotizen, ließe sich mitlesen",
      "eine Schnellnotiz schreiben: Zu einem Eintrag wird sie erst, wenn die Person sie nach dem Entsperren einem Fall zuordnet",
      "Passwörter probieren, beliebig lange; die App wird dabei immer langsamer. Nach 7 Tagen ohne Verbindung fragt sie zusätzlich beim Server nach; wer das Passwort kennt und den Speicher ausliest, umgeht das",
      "alles lesen, wenn die Person „Mit Fingerabdruck entsperren“ eingerichtet hat und das Telefon selbst schon aufgegangen ist: durch Finger, Gesicht oder PIN",
    ],
    cannot: [
      "sonst ohne Passwort etwas lesen: Alles liegt versiegelt, auch Entwürfe und Schnellnotizen",
      "mit dem Passkey allein etwas öffnen, auch nicht aus dem Google- oder Apple-Konto der Person: Was er aufschließt, liegt nur auf diesem Telefon",
    ],
  },
  {
    who: "Jemand hat ein entsperrtes Telefon in der Hand",
    can: [
      "alles lesen und schreiben, was die Person darf, bis jemand sperrt oder 5 Minuten niemand das Telefon berührt",
    ],
    cannot: [
      "weiterarbeiten, sobald das Gerät gesperrt ist: Seine Anmeldung endet sofort, und sobald es sich meldet, leert es sich; was es noch abgibt, prüft eine aB-pAp",
    ],
  },
  {
    who: "Jemand findet die Sicherungsdatei eines Telefons",
    can: [
      "sehen, wie lang sie ist und wann sie entstand",
      "wenn auch der geheime Schlüssel des Servers gestohlen ist: sehen, was der Server ohnehin sieht",
    ],
    cannot: [
      "darin lesen: sie ist für diesen Server verschlossen, Notizen und Entwürfe darin noch einmal mit den Schlüsseln des Teams und der Person",
      "der Person Einträge unterschieben: sie ist von ihr unterschrieben",
    ],
  },
  {
    who: "Jemand findet oder fotografiert das Wiederherstellungsblatt",
    can: [
      "zusammen mit einer gestohlenen Sicherung oder einer Einladung als aB-pAp alle Fälle lesen: Es gehört in einen Tresor",
      "auch wenn es entwertet ist: zusammen mit einer Kopie der Daten von vorher lesen, was darin steht; geöffnet bleibt, was damit schon geöffnet wurde",
    ],
    cannot: [
      "ohne Konto oder Sicherung etwas lesen: Auf dem Blatt stehen nur zwölf Wörter",
      "etwas lesen, das geschrieben wurde, nachdem eine aB-pAp es als verloren entwertet hat und die Schlüssel erneuert sind, auch nicht aus einer Sicherung; eine Einladung nützt dann nichts mehr",
    ],
  },
  {
    who: "Jemand aus dem Team (aB-pAp)",
    can: [
      "alle Fälle des Teams lesen und ändern; frühere Werte bleiben mit Namen nachlesbar",
      "zusammen mit dem Server Worte unter dem Namen einer Kollegin versiegeln: Wer einen Fall lesen kann, hat auch den Schlüssel, ihn zu schreiben",
      "behalten, was sie gelesen oder abgeschrieben hat, auch nach dem Ausscheiden",
    ],
    cannot: [
      "nach dem Ausscheiden Neues abrufen: Das Konto ruht, jede Anmeldung endet sofort",
      "nach dem Ausscheiden Neues lesen, auch nicht aus einer gestohlenen Sicherung: Die Telefone der anderen erneuern die Schlüssel von selbst",
    ],
  },
  {
    who: "Jemand in Vertretung (Vertretung, pAp)",
    can: [
      "von den übergebenen Fällen bis zum letzten Tag lesen, was sie braucht: 25 der 47 Angaben, im Verzeichnis so bezeichnet",
      "behalten, was sie gelesen oder abgeschrieben hat",
    ],
    cannot: [
      "andere Fälle sehen oder erfahren, dass es sie gibt",
      "nach dem letzten Tag nachlesen: Das Telefon vergisst den Fall, auch ohne Netz",
    ],
  },
  {
    who: "Teamleitung, Verwaltung",
    can: [
      "Namen und Rollen im Team sehen; die Verwaltung pflegt Konten und Geräte und sieht von einem gesperrten Gerät die Pseudonyme der Fälle, die darauf liegen konnten",
    ],
    cannot: ["Fälle oder Einträge sehen: Sie haben keinen Schlüssel, auch nicht die Verwaltung"],
  },
  {
    who: "Jemand fängt einen Einladungslink ab",
    can: ["einmal und innerhalb von 72 Stunden das Konto der eingeladenen Person einrichten"],
    cannot: [
      "etwas lesen: Erst nimmt ein Mitglied die Person auf und vergleicht dabei die Sicherheitsnummer",
    ],
  },
  {
    who: "Jemand hört die Verbindung ab",
    can: ["sehen, dass ein Telefon mit dem Server spricht, wann und wie viel"],
    cannot: ["mitlesen: Die Verbindung ist verschlüsselt, und ihr Inhalt ist es noch einmal"],
  },
  {
    who: "Etwas wurde endgültig gelöscht",
    can: [
      "in älteren Sicherungen für die lesbar sein, die den Schlüssel haben, höchstens 30 Tage lang",
    ],
    cannot: ["aus einer Sicherung zurückkommen: Die Löschung wird beim Zurückspielen angewandt"],
  },
];
