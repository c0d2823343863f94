/** What a refusal by name means, in words for people. The vault's worker does without them. */

/** Every refusal by name, with the sentence a person may read. */
export const KEY_PROBLEMS = {
  malformed: "Vom Server kam etwas, das kein gültiger Schlüssel ist. Es wird nicht verwendet.",
  kdf_too_weak:
    "Der Server verlangt einen zu schwachen Schutz Ihres Passworts. Es wurde nichts übertragen.",
  kdf_too_strong:
    "Der Server verlangt eine Berechnung, die dieses Telefon nicht leisten kann. Es wurde nichts übertragen.",
  wrong_password: "Das Passwort stimmt nicht.",
  key_unknown: "Der Schlüssel dazu ist auf diesem Gerät noch nicht angekommen.",
  unreadable: "Auf diesem Gerät nicht lesbar: Der Eintrag gehört nicht an diese Stelle.",
  statement_forged: "Eine Aufnahme ins Team ist gefälscht. Sie wird nicht anerkannt.",
  statement_untrusted:
    "Eine Aufnahme ins Team trägt keine Unterschrift einer berechtigten Person. Sie wird nicht anerkannt.",
  key_swapped:
    "Der Server nennt für eine Person aus dem Team andere Schlüssel als die verglichenen. Vergleichen Sie die Sicherheitsnummer neu.",
  role_swapped:
    "Der Server nennt für eine Person aus dem Team eine andere Rolle als die unterschriebene. Es gilt die unterschriebene.",
  epoch_untrusted:
    "Ein Teamschlüssel trägt keine Unterschrift einer berechtigten Person. Er wird nicht verwendet.",
  epoch_forked:
    "Der Server zeigt einen anderen Teamschlüssel als den bisherigen. Er wird nicht verwendet.",
  epoch_rolled_back:
    "Der Server nennt einen Teamschlüssel nicht mehr, den dieses Gerät schon kennt. Bitte melden Sie das.",
  box_swapped: "Ein Schlüsselumschlag gehört nicht an diese Stelle. Er wird nicht verwendet.",
  envelope_author_untrusted:
    "Ein Schlüsselumschlag trägt keine Unterschrift einer berechtigten Person. Er wird nicht verwendet.",
  envelope_forged:
    "Die Unterschrift auf einem Schlüsselumschlag ist gefälscht. Er wird nicht verwendet.",
  key_planted: "Der Server wollte einen fremden Schlüssel unterschieben. Er wird nicht verwendet.",
} as const;
