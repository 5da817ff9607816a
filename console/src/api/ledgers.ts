// The shapes of the three ledgers.
import type { Word } from "./types";

export type LedgerKey = "children" | "suspected" | "dropout";

export interface LedgerRow {
  person: number;
  name: string;
  id_number: string;
  birth_date: string;
  area_name: string;
  school: string;
  standing: Word;
  looks: Word[];
  groups: Word[];
  case: {
    case: number;
    status: string;
    state: Word;
    opened: string | null;
    last_contact: string | null;
    outcome: Word | null;
  } | null;
}

export type LedgerBy = "county" | "township" | "village" | "school";

export interface LedgerUnit {
  unit: string;
  name: string;
  rows: number;
  children: number;
  on_roll: number;
  finished: number;
  lawful: number;
  reported_schooled: number;
  not_enrolled: number;
  suspected: number;
  dropout: number;
  returned: number;
  looks: number[];
}

export interface LedgerUnits {
  at: string | null;
  /** What is looked up, in the order of each unit's `looks`. */
  looks: Word[];
  units: LedgerUnit[];
}
