// What schools lack to the standards, and how even counties are.
import type { Word } from "./types";

export interface StandardGap {
  code: string;
  name: string;
  area_name: string;
  stage: string;
  pupils: number;
  indicator: Word;
  unit: Word;
  value: string;
  least: string;
  lacking: string;
  met: number;
  asked: number;
}

export interface StandardCounty {
  code: string;
  name: string;
  stage: string;
  /** null: the mean of all. */
  indicator: Word | null;
  schools: number;
  coefficient: string;
  limit: string | null;
  met: boolean | null;
}

/** The gaps of one county in one indicator, and what would close them. */
export interface StandardLine {
  code: string;
  name: string;
  indicator: Word;
  unit: Word;
  stages: { stage: string; coefficient: string; uneven: boolean; level: string }[];
  below: number;
  lacking: string;
  raised: number;
  added: string;
  /** In yuan; null where no price is given. */
  lacking_cost: string | null;
  added_cost: string | null;
  price_note: string;
}

export interface Standard {
  set: Word;
  /** All there are. */
  sets: Word[];
  cites: string;
  /** Whether it sets a minimum for a single school. */
  asks_schools: boolean;
  year: number;
  schools: number;
  meeting: number;
  gaps: number;
  indicators: Word[];
  counties: StandardCounty[];
  lines: StandardLine[];
}
