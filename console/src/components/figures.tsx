// What the pages of figures share: a number as people read it, and how far the proofs of a figure about everyone reach.
import type { Everyone } from "../api/types";
import { count } from "../frame/format";
import { useDomain, useWords, type WordKey } from "../words/words";

/** "35780000.5" as "35,780,000.5"; the digits are the server's. */
export function number(value: string | number): string {
  const text = String(value);
  const [whole, rest] = text.split(".");
  return rest === undefined ? count(Number(whole)) : `${count(Number(whole))}.${rest}`;
}

export function EveryoneText({ everyone }: { everyone: Everyone | null | undefined }) {
  const { t } = useWords();
  if (!everyone) return null;
  return (
    <>
      {t("figures.everyone", {
        expected: count(everyone.expected),
        verified: count(everyone.verified),
        open: count(everyone.open),
        unreported: count(everyone.unreported),
      })}
    </>
  );
}

/** A value; what is withheld in public, and what nobody has stated anything about, are no zeros. */
export function ValueText({ value, withheld }: { value: string | null; withheld: boolean }) {
  const { t } = useWords();
  if (withheld) return <>{t("figures.withheld")}</>;
  return <>{value === null ? t("figures.unknown") : number(value)}</>;
}

// What the program itself found, beside the registers.
const ENGINES: Record<string, WordKey> = {
  findings: "figures.of_findings",
  expected: "figures.of_expected",
  cases: "figures.of_cases",
};

/** What a register, or a table of the program, is called. */
export function useSource(): (key: string) => string {
  const { t } = useWords();
  const domain = useDomain();
  return (key) => (ENGINES[key] ? t(ENGINES[key]) : domain.name("registers", key));
}
