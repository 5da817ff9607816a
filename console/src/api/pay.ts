// The shapes of the routes about money.
import type { Rows } from "./types";

export interface Named {
  key: string;
  zh: string;
  en: string;
}

export interface PayBatch {
  batch: number;
  scheme: string;
  period: string;
  /** The day that it was proposed for. */
  at: string;
  fund: string;
  area: string;
  area_name: string;
  step: Named;
  lines: number;
  fen: number;
  paid_lines: number;
  paid_fen: number;
  refused_lines: number;
  open_lines: number;
  back_fen: number;
  made_ms: number;
  proposed_by: string;
  approved_by: string;
  may_decide: boolean;
}

/** What can be proposed: a scheme, its periods that were decided, the funds that pay it. */
export interface PayChoice {
  scheme: Named;
  periods: { period: string; at: string }[];
  funds: { fund: string; name: string }[];
}

/** A batch that was proposed, or what it would be. */
export interface Proposed {
  dry: boolean;
  batch: number;
  scheme: string;
  period: string;
  fund: string;
  area_name: string;
  due_lines: number;
  due_fen: number;
  lines: number;
  fen: number;
  asked_again: number;
  outcomes: { outcome: Named; lines: number; fen: number }[];
  places: { area: string; area_name: string; school: string; lines: number; fen: number; held: number }[];
  levels: { level: Named; takes_fen: number; left_fen: number }[];
}

/** A payment of a batch; name and account are masked until they are revealed. */
export interface PayLine {
  payment: number;
  batch: number;
  ordinal: number;
  person: number;
  name: string;
  area_name: string;
  holder: string;
  holder_name: string;
  bank: string;
  account: string;
  instalment: number;
  attempt: number;
  fen: number;
  paid_fen: number;
  back_fen: number;
  status: "open" | "paid" | "refused" | "void";
  reason: string;
  serial: string;
  on: string | null;
}

/** What one proposed about a payment and another decides. */
export interface Proposed {
  payment: number;
  batch: number;
  person: number;
  scheme: string;
  period: string;
  area: string;
  area_name: string;
  fen: number;
  why: string;
  state: Named;
  made_ms: number;
  proposed_by: string;
  decided_by: string;
  decided_why: string;
  may_decide: boolean;
}

/** What came back of a payment. */
export interface Recovery extends Proposed {
  recovery: number;
  voucher: string;
  day: string;
}

/** A return that never was, to be taken back. */
export interface Reinstatement extends Proposed {
  reinstatement: number;
  again: number;
  suspense: number;
}

export interface FundProject {
  project: string;
  name: string;
  school: string;
  document: string;
  planned_fen: number;
  allotted_fen: number;
  paid_fen: number;
  left_fen: number;
}

export interface BankAnswerTaken {
  unchanged: boolean;
  late: number;
  outcomes: { outcome: Named; count: number; fen: number }[];
}

export interface StatementTaken {
  lines: number;
  fresh: number;
}

export interface ReconcileItem {
  state: Named;
  what: string;
  name: string;
  on: string | null;
  ours_fen: number;
  bank_fen: number;
  payment: number;
}

export interface Reconciled extends Rows<ReconcileItem> {
  clean: boolean;
  from: string | null;
  through: string | null;
  books_fen: number;
  bank_fen: number;
  matched: number;
}

export interface PersonPayment {
  payment: number;
  batch: number;
  scheme: string;
  period: string;
  /** The day and the area that its batch was proposed for. */
  at: string;
  area: string;
  instalment: number;
  attempt: number;
  status: "open" | "paid" | "refused" | "void";
  reason: string;
  fen: number;
  paid_fen: number;
  back_fen: number;
  fund: string;
  document: string;
  serial: string;
  on: string | null;
  file: string;
  row: number;
}

export interface FundLevel {
  level: Named;
  share: number;
  in_fen: number;
  out_fen: number;
  pending_fen: number;
  left_fen: number;
}

export interface Fund {
  fund: string;
  name: string;
  document: string;
  project: boolean;
  account: string;
  area: string;
  area_name: string;
  schemes: string;
  levels: FundLevel[];
}

export interface FundProof {
  fund: string;
  holds: boolean;
  sum: {
    received_fen: number;
    returned_fen: number;
    paid_fen: number;
    back_fen: number;
    pending_fen: number;
    allotted_fen: number;
    unspent_fen: number;
  };
  transfers: number;
  payments: number;
  paid: number;
  refused: number;
  open: number;
  root: string;
  faults: { fault: Named; number: number }[];
}
