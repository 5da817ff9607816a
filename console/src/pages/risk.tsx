// Who may leave school next: pupils in an order to look in, each point with what is stated and by which list; what
// no register tells; and what was done before. The order decides nothing, and the page says so.
import { useMemo } from "react";
import type { RiskPoints, RiskRow } from "../api/risk";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { RiskCases, RiskReasons } from "../components/risk";
import { Link } from "../frame/router";
import { useWords } from "../words/words";

const LEAST = ["1", "2", "3", "5", "8", "10"];

export default function RiskPage() {
  const { t, pick } = useWords();
  const areas = useAreaChoices();
  const points = useApi<RiskPoints>("/api/risk/points").data?.points;
  const filters = useMemo<Filter[]>(
    () => [
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 220 },
      { name: "school", label: t("finding.school"), kind: "text", width: 180 },
      {
        name: "point",
        label: t("risk.reason"),
        kind: "select",
        width: 220,
        options: [
          { value: "", label: t("list.all") },
          ...(points ?? []).map((row) => ({
            value: row.point.key,
            label: t("risk.point", { what: pick(row.point), n: row.points }),
          })),
        ],
      },
      {
        name: "min",
        label: t("risk.least"),
        kind: "select",
        width: 110,
        options: LEAST.map((n, i) => ({ value: i === 0 ? "" : n, label: t("risk.or_more", { n }) })),
      },
    ],
    [t, pick, areas, points],
  );
  const columns: Column<RiskRow>[] = [
    { key: "points", title: t("risk.points"), width: 60, align: "right", render: (row) => <strong>{row.points}</strong> },
    {
      key: "name",
      title: t("finding.name"),
      width: 165,
      render: (row) => (
        <>
          <Link to={`/persons/${row.person}`}>{row.name || t("person.unnamed")}</Link>
          <div className="help mono">{row.id_number}</div>
        </>
      ),
    },
    {
      key: "school",
      title: t("finding.school"),
      width: 210,
      render: (row) => (
        <>
          {row.school}
          <div className="help">{row.area_name}</div>
        </>
      ),
    },
    { key: "reasons", title: t("risk.reason"), render: (row) => <RiskReasons row={row} /> },
    { key: "unknown", title: t("risk.unknown"), width: 170, render: (row) => <span className="help">{pick(row.unknown) || "–"}</span> },
    { key: "cases", title: t("risk.cases"), width: 190, render: (row) => <RiskCases row={row} /> },
  ];
  return (
    <ListPage<RiskRow>
      title={t("risk.title")}
      lead={t("risk.lead")}
      path="/api/risk"
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.person)}
      rowName={(row) => row.name}
      empty={t("risk.empty")}
    />
  );
}
