declare module "virtual:guide" {
  export type Span = { text: string } | { code: string } | { bold: string };
  export type Block =
    | { kind: "heading"; level: number; text: string; pages: string[] }
    | { kind: "text"; spans: Span[] }
    | { kind: "list" | "numbered"; items: Span[][] }
    | { kind: "code"; text: string }
    | { kind: "table"; head: Span[][]; rows: Span[][][] }
    | { kind: "picture"; alt: string; file: string; picture: number };
  export const texts: { zh: Block[]; en: Block[] };
  export const pictures: string[];
}
