// A word in a small coloured box; the word says everything, the colour repeats it.
import type { ReactNode } from "react";

export type Colour = "red" | "blue" | "gold" | "purple" | "green" | "grey";

export function Mark({ colour = "grey", children }: { colour?: Colour; children: ReactNode }) {
  return <span className={`mark mark-${colour}`}>{children}</span>;
}
