// What contradicts itself: registered or admitted twice, plans that exclude one another, moved in too late.
import { useMemo } from "react";
import type { EligibleConflict } from "../api/eligible";
import { ConflictDetail, EligibleNav, useEligibleTotals, usePlaceFilters } from "../components/eligible";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { count } from "../frame/format";
import { Link } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

const PROCEDURES: [string, WordKey][] = [
  ["exam_twice", "eligible.case_twice"],
  ["plans_exclusive", "eligible.case_exclusive"],
  ["moved_late", "eligible.case_late"],
];

/** The way to the cases of these conflicts. */
function Cases() {
  const { t } = useWords();
  return (
    <p>
      {t("eligible.cases")}{" "}
      {PROCEDURES.map(([procedure, word], i) => (
        <span key={procedure}>
          {i > 0 && t("list.comma")}
          <Link to={`/cases?procedure=${procedure}`}>{t(word)}</Link>
        </span>
      ))}
    </p>
  );
}

export default function PlacingConflictsPage() {
  const { t, pick } = useWords();
  const totals = useEligibleTotals();
  const places = usePlaceFilters(totals.data?.years);
  const kinds = totals.data?.conflicts;
  const filters = useMemo<Filter[]>(
    () => [
      ...places,
      {
        name: "kind",
        label: t("eligible.kind"),
        kind: "select",
        width: 260,
        options: [
          { value: "", label: t("list.all") },
          ...(kinds ?? []).map((row) => ({
            value: row.kind.key,
            label: t("eligible.kind_count", { kind: pick(row.kind), n: count(row.count) }),
          })),
        ],
      },
    ],
    [t, pick, places, kinds],
  );
  const columns: Column<EligibleConflict>[] = [
    { key: "kind", title: t("eligible.kind"), width: 170, render: (row) => pick(row.kind) },
    {
      key: "name",
      title: t("finding.name"),
      width: 130,
      render: (row) =>
        row.record === null ? "–" : <Link to={`/placing/eligible/${row.record}`}>{row.name || t("person.unnamed")}</Link>,
    },
    {
      key: "number",
      title: t("eligible.number"),
      width: 160,
      render: (row) => (
        <span className="mono">
          {row.number}
          {row.other !== "" && row.other !== row.number && <div>{row.other}</div>}
        </span>
      ),
    },
    {
      key: "school",
      title: t("eligible.school"),
      width: 190,
      render: (row) => (
        <>
          {row.school || "–"}
          <div className="help">{row.area_name}</div>
        </>
      ),
    },
    { key: "detail", title: t("eligible.detail"), render: (row) => <ConflictDetail row={row} /> },
  ];
  return (
    <ListPage<EligibleConflict>
      title={t("eligible.conflicts_title")}
      lead={t("eligible.conflicts_lead")}
      path="/api/placing/eligible/conflicts"
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.kind.key}/${row.number}/${row.other}/${row.plans.map((plan) => plan.key).join()}`}
      above={<EligibleNav />}
      before={<Cases />}
      empty={t("eligible.no_conflicts")}
    />
  );
}
