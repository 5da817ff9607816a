// The shapes of case sheets: work that goes out as a workbook and comes back.
import type { Word } from "./types";

export type SheetResult = "taken" | "already" | "conflict" | "refused";

/** A filled row of a case sheet, and what became of it (or would). */
export interface SheetRow {
  sheet: string;
  row: number;
  result: SheetResult;
  case: number;
  version: number;
  name: string;
  step: Word;
  filled: { field: string; value: string }[];
  why: { zh: string; en: string } | null;
  conflicts: { field: string; version: number; by: string; yours: Word; theirs: Word }[];
}

export interface SheetAnswer {
  dry_run: boolean;
  counts: Record<SheetResult | "empty", number>;
  rows: SheetRow[];
}
