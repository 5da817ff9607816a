// The shapes of /api/placing/eligible: who may ask for which special plan, and on what evidence.
import type { Explained, Word } from "./types";

export type EligibleVerdict = "eligible" | "refused" | "unknown";

export interface EligibleCount {
  unit: string;
  name: string;
  plan: Word;
  /** Not on the list for the public. */
  hidden: boolean;
  applicants: number;
  asked: number;
  eligible: number;
  refused: number;
  unknown: number;
  asked_eligible: number;
  asked_refused: number;
  asked_unknown: number;
}

export interface EligibleTotals {
  /** 0: no register names candidates. */
  year: number;
  counted: string | null;
  applicants: number;
  years: number[];
  plans: EligibleCount[];
  conflicts: { kind: Word; count: number }[];
}

export interface EligibleLine {
  plan: Word;
  asked: boolean;
  verdict: Word & { key: EligibleVerdict };
  /** What is missing and who has it; empty unless unknown. */
  missing: Word;
}

export interface EligibleApplicant {
  record: number;
  number: string;
  name: string;
  id_number: string;
  area: string;
  area_name: string;
  school: string;
  asked: string;
  person: number | null;
  lines: EligibleLine[];
}

export interface EligibleConflict {
  kind: Word;
  /** Of whom the page can be opened; null: nobody whom the asker sees. */
  record: number | null;
  name: string;
  number: string;
  other: string;
  area_name: string;
  school: string;
  plans: Word[];
  detail: { zh: string; en: string };
}

export interface EligibleOne extends Omit<EligibleApplicant, "lines"> {
  year: number;
  counted: string;
  lines: (EligibleLine & { why: Explained })[];
  conflicts: EligibleConflict[];
}
