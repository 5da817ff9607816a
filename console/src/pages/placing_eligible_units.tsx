// Eligibility by county or school: of each plan how many are eligible, refused, not known.
import { useMemo } from "react";
import type { EligibleCount } from "../api/eligible";
import { withQuery } from "../api/client";
import { CountLink } from "../components/common";
import { EligibleNav, useEligibleTotals, usePlaceFilters, usePlanFilter } from "../components/eligible";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { useFilters } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

type CountKey = "applicants" | "eligible" | "refused" | "unknown" | "asked" | "asked_eligible";
const NUMBERS: [CountKey, WordKey, string, string][] = [
  ["applicants", "eligible.applicants", "", ""],
  ["eligible", "eligible.eligible", "eligible", ""],
  ["refused", "eligible.refused", "refused", ""],
  ["unknown", "eligible.unknown", "unknown", ""],
  ["asked", "eligible.asked", "", "true"],
  ["asked_eligible", "eligible.asked_eligible", "eligible", "true"],
];

export default function PlacingEligibleUnitsPage() {
  const { t, pick } = useWords();
  const [query] = useFilters();
  const totals = useEligibleTotals();
  const places = usePlaceFilters(totals.data?.years);
  const plan = usePlanFilter(totals.data);
  const school = query.by === "school";
  const filters = useMemo<Filter[]>(
    () => [
      {
        name: "by",
        label: t("placing.by"),
        kind: "select",
        width: 120,
        options: [
          { value: "", label: t("eligible.county") },
          { value: "school", label: t("eligible.school") },
        ],
      },
      ...places,
      plan,
    ],
    [t, places, plan],
  );
  const of = (row: EligibleCount, verdict: string, asked: string) =>
    withQuery("/placing/eligible", {
      year: query.year ?? "",
      area: school ? query.area ?? "" : row.unit,
      school: school ? row.unit : "",
      plan: row.plan.key,
      verdict,
      asked,
    });
  const columns: Column<EligibleCount>[] = [
    {
      key: "name",
      title: t(school ? "eligible.school" : "eligible.county"),
      render: (row) => <strong>{row.name || t("placing.unnamed")}</strong>,
    },
    { key: "plan", title: t("eligible.plan"), width: 200, render: (row) => pick(row.plan) },
    ...NUMBERS.map(([key, word, verdict, asked]): Column<EligibleCount> => ({
      key,
      title: t(word),
      width: 100,
      align: "right",
      render: (row) =>
        row.unit === "" ? (
          row[key]
        ) : (
          <CountLink n={row[key]} to={of(row, verdict, asked)} label={`${row.name} ${pick(row.plan)} ${t(word)}`} />
        ),
    })),
  ];
  return (
    <ListPage<EligibleCount>
      title={t("eligible.units_title")}
      lead={t("eligible.units_lead")}
      path="/api/placing/eligible/units"
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.unit}/${row.plan.key}`}
      above={<EligibleNav />}
      empty={t("eligible.empty")}
    />
  );
}
