// Figures and lists that stand together on a page, and what schools and villages lack one by one.
interface Both {
  zh: string;
  en: string;
}

export interface BoardFigure extends Both {
  figure: string;
  value: string | null;
  rows: number;
  unit: Both;
  definition: Both;
}

export interface Board {
  board: string;
  at: string | null;
  figures: BoardFigure[];
  /** One value for each figure, in their order; null where it is not split or not known. */
  places: { code: string; name: string; values: (string | null)[] }[];
}

export interface Requirement extends Both {
  figure: string;
  cites: string;
  /** null where nothing of what it is about was imported. */
  gaps: number | null;
  /** In yuan; null where no price is given. */
  cost: string | null;
  price_note: string;
}

export interface RequirementGap extends Both {
  rule: string;
  cites: string;
  of: string;
  record: number;
  school: string;
  name: string;
  area_name: string;
  stage: string;
  item: string;
  has: string;
  bound: string;
  /** Children whom it concerns. */
  concerned: number;
  lacking: number;
  close: Both;
  cost: string | null;
  price_note: string;
}
