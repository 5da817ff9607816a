// Figures that were published, and why two of them differ.

/** A number as it was published, with all that it counted. */
export interface Publication {
  number: number;
  figure: string;
  zh: string;
  en: string;
  unit: { zh: string; en: string } | null;
  value: string;
  rows: number;
  at: string | null;
  areas: string;
  members_hash: string;
  definition_hash: string;
  made_ms: number;
  user: string;
  reason: string;
}

export interface Difference {
  change: "added" | "gone" | "changed";
  change_words: { zh: string; en: string };
  part: string;
  of: string;
  record: number;
  person: number;
  was: number;
  now: number;
  why: string;
  why_words: { zh: string; en: string };
}
