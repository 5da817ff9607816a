// The villages: children of age, and what is open there.
import { useMemo } from "react";
import type { Village } from "../api/types";
import { useAreaChoices } from "../components/areas";
import { CountLink } from "../components/common";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { count } from "../frame/format";
import { useWords } from "../words/words";

const ABOVE = ["county", "township"];

export default function VillagesPage() {
  const { t } = useWords();
  const areas = useAreaChoices(ABOVE);
  const filters = useMemo<Filter[]>(
    () => [{ name: "area", label: t("finding.area"), kind: "select", options: areas, width: 240 }],
    [t, areas],
  );
  const columns: Column<Village>[] = [
    { key: "name", title: t("villages.name"), render: (row) => row.name },
    { key: "code", title: t("villages.code"), width: 140, render: (row) => <span className="mono">{row.code}</span> },
    { key: "township", title: t("villages.township"), render: (row) => row.township },
    { key: "expected", title: t("summary.expected"), width: 110, align: "right", render: (row) => count(row.expected) },
    {
      key: "findings",
      title: t("schools.findings"),
      width: 110,
      align: "right",
      render: (row) => <CountLink n={row.findings} to={`/findings?area=${row.code}`} label={row.name} />,
    },
  ];
  return (
    <ListPage<Village>
      title={t("villages.title")}
      lead={t("villages.lead")}
      path="/api/villages"
      filters={filters}
      columns={columns}
      rowKey={(row) => row.code}
      empty={t("villages.empty")}
    />
  );
}
