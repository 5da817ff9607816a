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
