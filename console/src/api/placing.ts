// The shapes of /api/placing: who is due to exchange posts, who was admitted by which plan.
import type { Word } from "./types";

export interface DutyCount {
  code: string;
  name: string;
  county: string;
  teachers: number;
  eligible: number;
  not_yet: number;
  unknown: number;
  required: number;
  required_most: number;
  exchanged: number;
  share: string | null;
  lacking: number;
  key_exchanged: number;
  key_share: string | null;
  key_lacking: number;
  met: boolean;
}

export interface Duty {
  year: number;
  on: string;
  years: number;
  share_percent: number;
  key_percent: number;
  cites: string;
  outside: number;
  stageless: number;
  unmatched: number;
  heads: number;
  beyond: number;
  undated: number;
  counties: DutyCount[];
}

export interface DutyTeacher {
  record: number;
  name: string;
  county: string;
  school_code: string;
  school: string;
  stage: string;
  subject: Word;
  key_teacher: boolean;
  state: Word;
  years: number | null;
  since: string | null;
  evidence: Word;
  exchanged: boolean;
  due: boolean;
}

export interface AdmissionCount {
  code: string;
  name: string;
  /** One for each of the plans. */
  plans: number[];
  none: number;
  total: number;
}

export interface AdmissionTotals {
  plans: Word[];
  years: number[];
  total: AdmissionCount;
}

export interface PlacingRun {
  run: number;
  name: string;
  area: string;
  area_name: string;
  made_ms: number;
  user: string;
  applicants: number;
  choices: number;
  groups: number;
  seats: number;
  placed: number;
  /** The result came with the files; else placing made it. */
  given: boolean;
  violations: number;
  /** Whether the asker sees all of its area. */
  whole: boolean;
}

export interface PlacingCount {
  plan: string;
  county: string;
  group: string;
  programme: string;
  seats: number | null;
  placed: number;
  free: number | null;
  eligible: number | null;
  lowest: number | null;
  highest: number | null;
}

/** Seats given to a junior school, and what became of them. */
export interface PlacingUse {
  source: string;
  batch: string;
  group: string;
  seats: number;
  used: number;
  flowed_back: number;
  left_empty: number;
  applicants: number | null;
  placed: number | null;
  lowest: number | null;
  highest: number | null;
}

export interface PlacingReason {
  text: Word;
  barred_by: string;
  number_decided: boolean;
  seats: number;
  capacity: number;
  files: number;
  ahead: number;
  line: number | null;
  lowest_sent: number | null;
  lowest_admitted: number | null;
  /** What seats given to junior schools have to do with it. */
  allotted: Word | null;
  remedies: Word[];
}

export interface PlacingExplanation {
  applicant: string;
  total: number;
  rank: number;
  equal: number;
  placed: boolean;
  differs: boolean;
  receipt: string;
  choices: PlacingReason[];
}
