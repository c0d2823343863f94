// Written by `zuzweit generate` from the declarations in server/features. Do not edit.

import type {
  CaseKind,
  CoreTask,
  Outcome,
  PlaceKind,
  TargetGroup,
  Topic,
  WhoOpened,
} from "./codes";
import type { Table } from "./operation";

/** The number of these declarations, sent as `schema`. */
export const SCHEMA = 2;

export type TableName = "client_case" | "handed_case" | "visit";

export const TABLES: Readonly<Record<TableName, Table>> = {
  client_case: {
    name: "client_case",
    key: "case",
    parent: null,
    columns: {
      deleted_at: { kind: "instant" },
      pseudonym: { kind: "label" },
      kind: { kind: "code", create: true, required: true, codes: ["handover", "individual_order"] },
      counsellor: { kind: "id" },
      transferring_counsellor: { kind: "id" },
      handed_over: { kind: "day" },
      first_contact: { kind: "day" },
      activation_limit: { kind: "day" },
      closed: { kind: "day" },
      name: { kind: "sealed", required: true },
      date_of_birth: { kind: "sealed" },
      client_number: { kind: "sealed" },
      phone: { kind: "sealed" },
      address: { kind: "sealed" },
      reach_via: { kind: "sealed" },
      target_group: { kind: "sealed" },
      target_detail: { kind: "text" },
      situation: { kind: "text" },
      wishes: { kind: "text" },
      hazard: { kind: "sealed" },
    },
  },
  handed_case: {
    name: "handed_case",
    key: "case",
    parent: "case",
    columns: {
      deleted_at: { kind: "instant" },
      case: { kind: "id", create: true, required: true, link: "client_case" },
      deputy: { kind: "id", create: true, required: true },
      starts: { kind: "day", create: true, required: true },
      until: { kind: "day", required: true },
      note: { kind: "text" },
    },
  },
  visit: {
    name: "visit",
    key: "case",
    parent: "case",
    columns: {
      deleted_at: { kind: "instant" },
      case: { kind: "id", create: true, required: true, link: "client_case" },
      counsellor: { kind: "id" },
      companion: { kind: "id" },
      planned_start: { kind: "instant" },
      planned_end: { kind: "instant" },
      contact_made: { kind: "day" },
      return_announced: { kind: "day" },
      verbis_open: { kind: "bool" },
      happened_at: { kind: "sealed" },
      place_kind: { kind: "sealed" },
      place: { kind: "sealed" },
      outcome: { kind: "sealed" },
      who_opened: { kind: "sealed" },
      topics: { kind: "sealed" },
      core_tasks: { kind: "sealed" },
      appointment: { kind: "sealed" },
      observation: { kind: "text" },
      assessment: { kind: "text" },
      wish: { kind: "text" },
      next_step: { kind: "text" },
    },
  },
};

/** Ein Fall: eine Person, die aufgesucht wird, mit den Tagen der Schritte. */
export interface ClientCaseValues {
  /** Zeitpunkt, zu dem der Eintrag gelöscht wurde */
  deleted_at: string | null;
  /** Pseudonym des Falls */
  pseudonym: string | null;
  /** Art des Falls: Fallübergabe oder Einzelauftrag */
  kind: CaseKind;
  /** Zuständige Beratungsperson */
  counsellor: string | null;
  /** Bisherige Ansprechperson (pAp) */
  transferring_counsellor: string | null;
  /** Tag der Übergabe */
  handed_over: string | null;
  /** Tag des ersten Kontakts */
  first_contact: string | null;
  /** Letzter Tag der Aktivierungsphase */
  activation_limit: string | null;
  /** Tag des Abschlusses */
  closed: string | null;
  /** Name der Person */
  name: string;
  /** Geburtsdatum */
  date_of_birth: string | null;
  /** Kundennummer */
  client_number: string | null;
  /** Telefonnummer */
  phone: string | null;
  /** Anschrift */
  address: string | null;
  /** Wie die Person zu erreichen ist */
  reach_via: string | null;
  /** Zielgruppe */
  target_group: TargetGroup | null;
  /** Erläuterung zur Zielgruppe */
  target_detail: string | null;
  /** Lebenslage */
  situation: string | null;
  /** Wünsche der Person */
  wishes: string | null;
  /** Hinweis zur Sicherheit bei Besuchen */
  hazard: string | null;
}

/** Ein Fall, der für eine Zeit an eine Vertretung übergeben ist. */
export interface HandedCaseValues {
  /** Zeitpunkt, zu dem der Eintrag gelöscht wurde */
  deleted_at: string | null;
  /** Fall, der übergeben ist */
  case: string;
  /** Person, die vertritt */
  deputy: string;
  /** Erster Tag der Vertretung */
  starts: string;
  /** Letzter Tag der Vertretung */
  until: string;
  /** Übergabenotiz: wie erreichen, was als Nächstes, worauf achten */
  note: string | null;
}

/** Ein geplanter Besuch, ein Kontakt oder Kontaktversuch außerhalb des Büros. */
export interface VisitValues {
  /** Zeitpunkt, zu dem der Eintrag gelöscht wurde */
  deleted_at: string | null;
  /** Fall, zu dem der Kontakt gehört */
  case: string;
  /** Beratungsperson, die den Kontakt hatte */
  counsellor: string | null;
  /** Zweite Person beim Besuch */
  companion: string | null;
  /** Geplanter Beginn des Besuchs */
  planned_start: string | null;
  /** Geplantes Ende des Besuchs */
  planned_end: string | null;
  /** Tag, an dem ein Gespräch zustande kam */
  contact_made: string | null;
  /** Tag, an dem die Rückkehr zur bisherigen Ansprechperson besprochen wurde */
  return_announced: string | null;
  /** Ob der Kontakt noch in VerBIS nachzutragen ist */
  verbis_open: boolean | null;
  /** Zeitpunkt des Kontakts */
  happened_at: string | null;
  /** Art des Ortes */
  place_kind: PlaceKind | null;
  /** Ort in Worten */
  place: string | null;
  /** Ergebnis des Kontakts */
  outcome: Outcome | null;
  /** Wer geöffnet hat, nur die Rolle */
  who_opened: WhoOpened | null;
  /** Besprochene Themen */
  topics: readonly Topic[] | null;
  /** Kernaufgaben, um die es ging */
  core_tasks: readonly CoreTask[] | null;
  /** Vereinbarter Termin: ein Tag, wenn bekannt mit Uhrzeit */
  appointment: string | null;
  /** Beobachtung */
  observation: string | null;
  /** Einschätzung */
  assessment: string | null;
  /** Wunsch der Person */
  wish: string | null;
  /** Nächster Schritt */
  next_step: string | null;
}

/** The opened values of each table's rows. */
export interface TableValues {
  client_case: ClientCaseValues;
  handed_case: HandedCaseValues;
  visit: VisitValues;
}
