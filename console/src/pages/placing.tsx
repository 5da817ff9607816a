// Who was admitted by which plan, as the register of admissions has it: the totals that the bureau publishes.
import { useMemo } from "react";
import type { AdmissionCount, AdmissionTotals } from "../api/placing";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Facts } from "../components/page";
import { PlacingNav } from "../components/placing_nav";
import { Ready } from "../components/states";
import { count } from "../frame/format";
import { useFilters } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

// The empty one is the route's own: by year.
const UNITS: Record<string, WordKey> = {
  "": "placing.by_year",
  county: "placing.by_county",
  school: "placing.by_school",
  institution: "placing.by_institution",
  major: "placing.by_major",
};

function Totals({ totals }: { totals: AdmissionTotals }) {
  const { t, pick } = useWords();
  const { total } = totals;
  if (total.total === 0) return <p>{t("placing.no_rows")}</p>;
  const items = totals.plans.map((plan, i) => ({ label: pick(plan), value: count(total.plans[i]) }));
  if (total.none > 0) items.push({ label: t("placing.none"), value: count(total.none) });
  return <Facts items={[{ label: t("placing.all"), value: count(total.total) }, ...items]} />;
}

function usePlanFilters(years: number[] | undefined): Filter[] {
  const { t } = useWords();
  const areas = useAreaChoices(["county"]);
  return useMemo<Filter[]>(() => {
    const any = { value: "", label: t("list.all") };
    const choices = [any, ...(years ?? []).map((year) => ({ value: String(year), label: String(year) }))];
    return [
      {
        name: "by",
        label: t("placing.by"),
        kind: "select",
        options: Object.keys(UNITS).map((unit) => ({ value: unit, label: t(UNITS[unit]) })),
      },
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 200 },
      { name: "from_year", label: t("placing.from_year"), kind: "select", options: choices, width: 110 },
      { name: "to_year", label: t("placing.to_year"), kind: "select", options: choices, width: 110 },
    ];
  }, [t, areas, years]);
}

export default function PlacingPage() {
  const { t, pick } = useWords();
  const [query] = useFilters();
  const { area = "", from_year = "", to_year = "", by = "" } = query;
  const totals = useApi<AdmissionTotals>(withQuery("/api/placing/admissions/total", { area, from_year, to_year }));
  const filters = usePlanFilters(totals.data?.years);
  const unit = t(UNITS[by] ?? UNITS[""]);
  const columns: Column<AdmissionCount>[] = [
    { key: "name", title: unit, render: (row) => <strong>{row.name || t("placing.unnamed")}</strong> },
    ...(totals.data?.plans ?? []).map((plan, i) => ({
      key: plan.key,
      title: pick(plan),
      width: 120,
      align: "right" as const,
      render: (row: AdmissionCount) => count(row.plans[i]),
    })),
    { key: "none", title: t("placing.none"), width: 90, align: "right", render: (row) => count(row.none) },
    {
      key: "total",
      title: t("placing.total"),
      width: 90,
      align: "right",
      render: (row) => <strong>{count(row.total)}</strong>,
    },
  ];
  return (
    <ListPage<AdmissionCount>
      title={t("placing.title")}
      lead={t("placing.lead")}
      path="/api/placing/admissions"
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.code}/${row.name}`}
      above={<PlacingNav />}
      before={<Ready answer={totals}>{(data) => <Totals totals={data} />}</Ready>}
      empty={t("placing.no_rows")}
    />
  );
}
