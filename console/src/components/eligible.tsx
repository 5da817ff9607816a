// Pieces of the pages about who may ask for which special plan.
import { useMemo } from "react";
import type { EligibleConflict, EligibleLine, EligibleTotals, EligibleVerdict } from "../api/eligible";
import { withQuery } from "../api/client";
import { useApi, type Answer } from "../api/use_api";
import type { Filter } from "./list_page";
import { Mark, type Colour } from "./mark";
import { PlacingNav } from "./placing_nav";
import { useAreaChoices } from "./areas";
import { Link, useFilters, useRouter } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

const COLOURS: Record<EligibleVerdict, Colour> = { eligible: "green", refused: "grey", unknown: "gold" };
export const VERDICTS: Record<EligibleVerdict, WordKey> = {
  eligible: "eligible.eligible",
  refused: "eligible.refused",
  unknown: "eligible.unknown",
};

const TABS = [
  ["/placing/eligible", "eligible.applicants"],
  ["/placing/eligible/units", "eligible.units"],
  ["/placing/eligible/conflicts", "eligible.conflicts"],
] as const;

/** The way to the pages of placing, and below it to those of eligibility, with year and area kept. */
export function EligibleNav() {
  const { t } = useWords();
  const { path } = useRouter();
  const [query] = useFilters();
  const kept = { year: query.year ?? "", area: query.area ?? "" };
  return (
    <>
      <PlacingNav />
      <nav className="subnav" aria-label={t("eligible.pages")}>
        {TABS.map(([to, word]) => (
          <Link key={to} to={withQuery(to, kept)} aria-current={path === to ? "page" : undefined}>
            {t(word)}
          </Link>
        ))}
      </nav>
    </>
  );
}

export function useEligibleTotals(): Answer<EligibleTotals> {
  const [query] = useFilters();
  return useApi<EligibleTotals>(
    withQuery("/api/placing/eligible", { area: query.area ?? "", year: query.year ?? "" }),
  );
}

/** Year and county, which all of these pages have. */
export function usePlaceFilters(years: number[] | undefined): Filter[] {
  const { t } = useWords();
  const areas = useAreaChoices(LEVELS);
  return useMemo<Filter[]>(
    () => [
      {
        name: "year",
        label: t("eligible.year"),
        kind: "select",
        width: 110,
        options: [
          { value: "", label: t("eligible.this_year") },
          ...(years ?? []).map((year) => ({ value: String(year), label: String(year) })),
        ],
      },
      { name: "area", label: t("eligible.county"), kind: "select", options: areas, width: 180 },
    ],
    [t, areas, years],
  );
}
const LEVELS = ["county"];

export function usePlanFilter(totals: EligibleTotals | undefined): Filter {
  const { t, pick } = useWords();
  const plans = totals?.plans;
  return useMemo<Filter>(
    () => ({
      name: "plan",
      label: t("eligible.plan"),
      kind: "select",
      width: 190,
      options: [
        { value: "", label: t("list.all") },
        ...(plans ?? []).map((row) => ({ value: row.plan.key, label: pick(row.plan) })),
      ],
    }),
    [t, pick, plans],
  );
}

export function EligibleMark({ verdict }: { verdict: EligibleLine["verdict"] }) {
  const { pick } = useWords();
  return <Mark colour={COLOURS[verdict.key]}>{pick(verdict)}</Mark>;
}

/** The plans of an applicant: verdict, whether asked for, and what is missing. */
export function Lines({ lines }: { lines: EligibleLine[] }) {
  const { t, pick } = useWords();
  if (lines.length === 0) return <>–</>;
  return (
    <ul className="bare">
      {lines.map((line) => (
        <li key={line.plan.key}>
          {pick(line.plan)} <EligibleMark verdict={line.verdict} />{" "}
          {line.asked && <Mark colour="blue">{t("eligible.asked")}</Mark>}
          {line.missing.zh !== "" && <div className="help">{t("eligible.missing", { what: pick(line.missing) })}</div>}
        </li>
      ))}
    </ul>
  );
}

export function ConflictDetail({ row }: { row: EligibleConflict }) {
  const { t, pick } = useWords();
  return (
    <>
      {row.plans.map(pick).join(t("list.comma"))}
      <div className="help">{pick(row.detail)}</div>
    </>
  );
}
