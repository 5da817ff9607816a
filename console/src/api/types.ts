// The shapes that the server answers with. Keys are those of its JSON; docs/console.md says how pages use them.
// Days are "2020-11-25", moments milliseconds since 1970, probabilities text, weights integer millibits.

export interface Word {
  key: string;
  zh: string;
  en: string;
}

export interface FieldWord extends Word {
  choices: Word[];
}

export interface RegisterWord extends Word {
  people: boolean;
  fields: FieldWord[];
}

export interface NoteWord {
  code: string;
  zh: string;
  en: string;
}

/** A role says what its users belong to. */
export interface RoleWord extends Word {
  place: "none" | "areas" | "school";
}

export interface Words {
  finding_kinds: Word[];
  queues: Word[];
  reasons: Word[];
  statuses: Word[];
  registers: RegisterWord[];
  fields: Word[];
  notes: NoteWord[];
  roles: RoleWord[];
  capabilities: Word[];
  verdicts: Word[];
  stages: Word[];
  actions: Word[];
}

export type Capability = "look" | "reveal" | "import" | "review" | "export" | "users" | "audit" | "system" | "work" | "pay";

export interface SnapshotInfo {
  number: number;
  at: string;
  made_ms: number;
  refreshing: boolean;
}

export interface AreaName {
  code: string;
  name: string;
}

export interface Session {
  user: string;
  display_name: string;
  role: string;
  role_zh: string;
  role_en: string;
  areas: AreaName[];
  school: string;
  capabilities: Capability[];
  token: string;
  must_change_password: boolean;
  second_factor: boolean;
  password_characters_min: number;
}

export interface Rows<T> {
  rows: T[];
  total: number;
  page: number;
  page_size: number;
}

export interface FindingCount {
  kind: string;
  queue: string;
  status: string;
  count: number;
  expected_true: string;
}

export interface AreaCount {
  code: string;
  name: string;
  level: string;
  expected: number;
  findings: Record<string, number>;
}

export interface Summary {
  snapshot: SnapshotInfo | null;
  expected: number;
  on_roll: number;
  finished: number;
  lawful: number;
  reported_schooled: number;
  not_enrolled: number;
  findings: FindingCount[];
  areas: AreaCount[];
  reviews: number;
  imports: { last_ms: number | null; rejected_open: number };
}

/** A record in one line; of one that is not seen only register and area are told and the rest is missing. */
export interface Line {
  visible: boolean;
  register: string;
  area_name: string;
  statement?: number;
  person?: number;
  name?: string;
  birth_date?: string | null;
  school?: string;
}

export interface NearestRecord extends Line {
  probability: string;
}

export interface Finding {
  finding: number;
  kind: string;
  queue: string;
  /** null: about a school or an area. */
  person: number | null;
  name: string;
  id_number: string;
  birth_date: string | null;
  age: number | null;
  area: string;
  area_name: string;
  school: string;
  probability: string;
  nearest: NearestRecord | null;
  reason: string[];
  aid: { scheme: string; period: string; due_fen: number | null; paid_fen: number | null; zh: string; en: string } | null;
  /** What stands behind the reasons. */
  notes: { zh: string; en: string } | null;
  opened: string;
  status: string;
}

export interface RecordValue {
  field: string;
  value: string;
  written: string | null;
  derived: boolean;
}

export interface SeenRecord {
  visible: true;
  register: string;
  statement: number;
  area_name: string;
  batch: number | null;
  file: string;
  /** From 1. */
  sheet: number;
  row: number;
  since: string | null;
  until: string | null;
  imported_ms: number | null;
  values: RecordValue[];
}

export interface HiddenRecord {
  visible: false;
  register: string;
  area_name: string;
}

export type PersonRecord = SeenRecord | HiddenRecord;

export interface ComparedField {
  field: string;
  zh: string;
  en: string;
  level_zh: string;
  level_en: string;
  left: string;
  right: string;
  millibits: number;
}

export interface Candidate extends Line {
  weight_millibits: number;
  probability: string;
  fields: ComparedField[];
}

export interface HistoryEntry {
  at_ms: number;
  user: string;
  action: string;
  reason: string;
}

export interface Person {
  person: number;
  name: string;
  sex: string;
  birth_date: string;
  id_number: string;
  area: string;
  area_name: string;
  joined_into: number | null;
  findings: Finding[];
  records: PersonRecord[];
  candidates: Candidate[];
  history: HistoryEntry[];
}

export interface Revealed {
  id_number: string;
  phones: string[];
  values: { statement: number; field: string; value: string }[];
}

export interface ReviewRow {
  pair: number;
  probability: string;
  joined: boolean;
  left: Line;
  right: Line;
  verdict: string | null;
  decided_by: string | null;
  decided_ms: number | null;
  why: string | null;
  /** Of what was decided last; sent back with a decision, which is refused when there is a later one. */
  version: number;
}

export interface Review extends ReviewRow {
  weight_millibits: number;
  left_record: PersonRecord;
  right_record: PersonRecord;
  fields: ComparedField[];
  left_others: Line[];
  right_others: Line[];
}

export interface FoundPerson {
  person: number;
  name: string;
  birth_date: string;
  sex: string;
  id_number: string;
  area_name: string;
  school: string;
  match: string;
}

export interface Found {
  persons: FoundPerson[];
  schools: { code: string; name: string; area_name: string }[];
}

export interface Area {
  code: string;
  name: string;
  level: string;
  parent: string | null;
  children_expected: number;
}

export interface School {
  code: string;
  name: string;
  area: string;
  area_name: string;
  stages: string[];
  on_roll: number;
  attending: number;
  findings: number;
  reported: boolean;
  last_file_ms: number | null;
}

export interface Village {
  code: string;
  name: string;
  township: string;
  expected: number;
  findings: number;
}

export interface RegisterState {
  register: string;
  zh: string;
  en: string;
  statements: number;
  last_import_ms: number | null;
  newest_day: string | null;
}

export interface Task<R = unknown> {
  task: string;
  kind: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  stage_zh: string;
  stage_en: string;
  done: number;
  total: number;
  left_ms: number | null;
  error: ErrorBody | null;
  result: R | null;
}

export interface ErrorBody {
  kind: string;
  zh: string;
  en: string;
  number?: number;
}

export interface UploadColumn {
  place: number;
  heading: string;
  field: string | null;
  sample: string[];
}

export interface UploadSheet {
  name: string;
  header_row: number;
  rows: number;
  columns: UploadColumn[];
}

export interface NotedRow {
  sheet: string;
  row: number;
  rejected: boolean;
  notes: { column: number | null; code: string }[];
  cells: string[];
}

export interface UploadFile {
  file: string;
  register: string | null;
  register_zh: string | null;
  at: string | null;
  status: string;
  rows: number;
  accepted: number;
  warned: number;
  rejected: number;
  scope: string;
  error: ErrorBody | string | null;
  sheets: UploadSheet[];
  rows_with_notes: NotedRow[];
  would_end: number;
}

export interface Upload {
  upload: string;
  files: UploadFile[];
}

export interface Batch {
  batch: number;
  file: string;
  register: string;
  at: string;
  imported_ms: number;
  user: string;
  rows: number;
  accepted: number;
  warned: number;
  rejected: number;
  ended: number;
  undone: boolean;
}

export interface RejectedRow {
  sheet: string;
  row: number;
  notes: { column: number | null; code: string }[];
  cells: string[];
}

export interface DivisionNode {
  code: string;
  name: string;
  level: string;
  parent: string | null;
  /** There are divisions below it. */
  more: boolean;
}

export interface SchoolName {
  code: string;
  name: string;
  area_name: string;
}

export interface User {
  user: string;
  display_name: string;
  role: string;
  areas: AreaName[];
  school: string;
  second_factor: boolean;
  must_change_password: boolean;
  made_ms: number;
  /** 0: never. */
  seen_ms: number;
  /** 0: not disabled. */
  disabled_ms: number;
  /** Sent back with a change, which is refused when somebody changed the user since. */
  version: number;
}

export interface AuditEntry {
  number: number;
  at_ms: number;
  user: string;
  action: string;
  object: string;
  reason: string;
}

export interface SystemRemark {
  what: string;
  weight: "fine" | "note" | "unsafe";
  zh: string;
  en: string;
}

export interface Approval {
  approval: number;
  action: string;
  object: string;
  reason: string;
  areas: string;
  asked_by: string;
  asked_ms: number;
  decided_by: string;
  decided_ms: number;
  why: string;
  state: "waiting" | "granted" | "refused" | "used" | "over";
  /** What the books asked for; null for an export. `lines` 0: one payment. */
  money: {
    of: "batch" | "recovery" | "reinstatement";
    number: number;
    scheme: Word;
    period: string;
    lines: number;
    fen: number;
  } | null;
  may_decide: boolean;
}

export type Verdict = "yes" | "no" | "unknown";

export interface ReasonNode {
  kind: string;
  truth: Verdict;
  decisive: boolean;
  zh: string;
  en: string;
  cites: { document: string; article: string; quote: string }[];
  unconfirmed: boolean;
  /** Of a fact, where it is known which rows state it. */
  sources?: { kind: string; file: string; sheet: number; row: number; since: string; zh: string; en: string }[];
  parts: ReasonNode[];
}

export interface AidDocument {
  key: string;
  number: string;
  title_zh: string;
  title_en: string;
  confidence: string;
}

export interface Explained {
  scheme: string;
  scheme_zh: string;
  scheme_en: string;
  verdict: Verdict;
  amount_fen: number | null;
  period: string;
  payer_zh: string;
  payer_en: string;
  unconfirmed: boolean;
  needs: { input: string; zh: string; en: string; holder_zh: string; holder_en: string }[];
  reasons: ReasonNode;
  ways: { zh: string; en: string }[];
  documents: AidDocument[];
}

export interface PersonAid {
  student: boolean;
  at: string | null;
  schemes: Explained[];
  payments: { schemes: string[]; period: string; fen: number | null; paid_on: string | null }[];
}

export interface AidScheme extends Word {
  pack: string;
  form: string;
  payer_zh: string;
  payer_en: string;
  period: string;
  yes: number;
  no: number;
  unknown: number;
  paid: number;
  due_fen: number;
  paid_fen: number;
  findings: Record<string, number>;
}

export interface SchemeRule {
  scheme: string;
  zh: string;
  en: string;
  text_zh: string;
  text_en: string;
}

export interface AidStudent extends Line {
  attends: string;
  verdict: Verdict;
  due_fen: number | null;
  paid_fen: number | null;
  needs: Word[];
}

export interface PolicyPack extends Word {
  schemes: number;
  documents: number;
  unconfirmed: number;
  cases: number;
}

export interface PolicyTexts {
  packs: PolicyPack[];
  texts: { name: string; text: string }[];
}

export interface PolicyImpact {
  faults: { line: number; column: number; zh: string; en: string }[];
  schemes: (Word & {
    gains: number;
    loses: number;
    more: number;
    less: number;
    clears: number;
    clouds: number;
    before_fen: number;
    after_fen: number;
  })[];
  changed: number;
  rows: { person: number; scheme: string; change: string; before_fen: number; after_fen: number }[];
}

export interface CaseRow {
  case: number;
  version: number;
  procedure: Word;
  status: string;
  state: Word | null;
  person: number;
  name: string;
  id_number: string;
  birth_date: string;
  area_name: string;
  school: string;
  step: Word | null;
  position: Word | null;
  holder: string | null;
  due: string | null;
  overdue: boolean;
  level: number;
  opened: string;
  contacts: number;
  relapses: number;
  outcome: Word | null;
}

export interface CaseStep {
  step: Word;
  standing: "not_yet" | "owed" | "done" | "lapsed";
  due: string | null;
  done: string | null;
  evidence_zh: string;
  evidence_en: string;
  paper: string;
  laws: string[];
  confidence: string;
}

export interface CaseDuty {
  position: Word;
  holder: string | null;
  owes: { step: Word; due: string; overdue: boolean; level: number; covers: boolean }[];
}

export interface CaseEvent {
  version: number;
  event: Word;
  on: string;
  recorded_ms: number;
  user: string;
  /** Of the file that is kept with it; 0: none. */
  file_bytes: number;
  fields: { key: string; value: string; notes?: { zh: string; en: string } }[];
}

/** A paper of a case: who may issue it, what only the office can say, or why it may not be made yet. */
export interface CasePaper {
  paper: Word;
  issuers: Word[];
  asks: { name: Word; is_day: boolean; needed: boolean }[];
  not_yet: { zh: string; en: string } | null;
}

export interface CaseFile {
  case: number;
  version: number;
  procedure: Word;
  status: string;
  state: Word | null;
  person: number;
  name: string;
  id_number: string;
  birth_date: string;
  area: string;
  area_name: string;
  stated_area_name: string;
  school: string;
  at: string;
  opened: string;
  reopened: string;
  confirmed: string | null;
  returned: string | null;
  closed: string | null;
  outcome: Word | null;
  unfound: boolean;
  relapses: number;
  contacts: number;
  steps: CaseStep[];
  duties: CaseDuty[];
  kept: { field: Word; value: string }[];
  events: CaseEvent[];
}

export interface CaseOutcome extends Word {
  closes: boolean;
  needs_evidence: boolean;
  evidence_zh: string;
  evidence_en: string;
}

export interface Procedures {
  procedures: (Word & { outcomes: CaseOutcome[]; steps: Word[] })[];
  ways: Word[];
  results: Word[];
  fields: Word[];
  /** Whom a step can lie with; guardians not among them. */
  positions: Word[];
}

export interface FigureName {
  figure: string;
  zh: string;
  en: string;
  group: string;
}

export interface Everyone {
  expected: number;
  verified: number;
  open: number;
  unreported: number;
}

export interface Figure extends FigureName {
  /** In public: too small a number of people to be told. */
  withheld: boolean;
  value: string | null;
  unit: { zh: string; en: string };
  rows: number | null;
  period: { zh: string; en: string };
  everyone: Everyone | null;
}

export interface FigureWhole extends Figure {
  at: string | null;
  definition: { zh: string; en: string };
  cites: string;
  sources: string[];
  /** Whose records the rows are, the rows' further columns, and words for those that are no fields of it. */
  of: string;
  fields: string[];
  columns: { key: string; zh: string; en: string; of: string }[];
  sql: string;
  by: FigureBy;
  parts: { code: string; name: string; value: string | null; rows: number | null; withheld: boolean }[];
}

export type FigureBy = "county" | "township" | "school";

export interface FigureRow {
  of: string;
  record: number;
  person: number;
  name: string;
  id_number: string;
  area: string;
  area_name: string;
  school: string;
  value: number | null;
  more: { key: string; value: string }[];
}

export type ArticleVerdict = "agrees" | "differs" | "incomplete" | "not_tracked";

export interface ArticleClaim {
  text: string;
  value: number | string;
  value_high?: number | string;
  figure: string | null;
  ours: number | string | null;
  verdict: ArticleVerdict;
  corrected?: string;
  coverage?: Everyone;
  goal: boolean;
  sentence: string;
}

export interface ArticleSum {
  total: number | string;
  parts: (number | string)[];
  added: number | string;
  holds: boolean;
}

export interface ArticleRepair {
  kind: string;
  count: number;
  places: { line: number; before: string; after: string }[];
}

export interface ArticleCheck {
  at: string | null;
  title: string;
  published: string | null;
  claims: ArticleClaim[];
  sums: ArticleSum[];
  repairs: ArticleRepair[];
}
