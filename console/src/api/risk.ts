// What the server says of the risk list.
import type { Word } from "./types";

/** Somebody who may leave school next: points in words, what no register tells, and what was done before. */
export interface RiskRow {
  person: number;
  name: string;
  id_number: string;
  birth_date: string;
  area_name: string;
  school: string;
  grade: string;
  points: number;
  reasons: { point: Word; points: number; said: Word; person: number }[];
  unknown: Word;
  cases: { case: number; procedure: Word; stands: Word; opened: string | null }[];
}

export interface RiskPoints {
  points: { point: Word; points: number; confidence: string }[];
}
