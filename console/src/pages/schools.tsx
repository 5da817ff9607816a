// The schools: how many are on the roll and present, what is open, and who has not reported.
import { useMemo } from "react";
import type { School } from "../api/types";
import { Mark } from "../components/mark";
import { useAreaChoices } from "../components/areas";
import { CountLink } from "../components/common";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { count, dayOf } from "../frame/format";
import { Link } from "../frame/router";
import { useWords } from "../words/words";

export default function SchoolsPage() {
  const { t } = useWords();
  const areas = useAreaChoices();
  const filters = useMemo<Filter[]>(
    () => [
      { name: "q", label: t("schools.name"), kind: "text", width: 220 },
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 220 },
    ],
    [t, areas],
  );
  const columns: Column<School>[] = [
    {
      key: "name",
      title: t("schools.name"),
      render: (row) => <Link to={`/schools/${encodeURIComponent(row.code)}`}>{row.name}</Link>,
    },
    { key: "code", title: t("schools.code"), width: 120, render: (row) => <span className="mono">{row.code}</span> },
    { key: "area", title: t("finding.area"), width: 180, render: (row) => row.area_name },
    { key: "on_roll", title: t("schools.on_roll"), width: 90, align: "right", render: (row) => count(row.on_roll) },
    {
      key: "attending",
      title: t("schools.attending"),
      width: 90,
      align: "right",
      render: (row) => count(row.attending),
    },
    {
      key: "findings",
      title: t("schools.findings"),
      width: 100,
      align: "right",
      render: (row) => (
        <CountLink n={row.findings} to={`/findings?school=${encodeURIComponent(row.code)}`} label={row.name} />
      ),
    },
    {
      key: "reported",
      title: t("schools.reported"),
      width: 140,
      render: (row) =>
        row.reported ? (
          row.last_file_ms === null ? (
            t("schools.yes")
          ) : (
            dayOf(row.last_file_ms)
          )
        ) : (
          <Mark colour="red">{t("schools.no")}</Mark>
        ),
    },
  ];
  return (
    <ListPage<School>
      title={t("schools.title")}
      lead={t("schools.lead")}
      path="/api/schools"
      filters={filters}
      columns={columns}
      rowKey={(row) => row.code}
      empty={t("schools.empty")}
    />
  );
}
