// The work list: one child, one case; what is due first, with whom it lies, and whether anybody is named for it.
import { useMemo } from "react";
import { withQuery } from "../api/client";
import type { CaseRow, Procedures } from "../api/types";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark } from "../components/mark";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useDomain, useWords, type WordKey } from "../words/words";

export const CASE_STATUSES: { key: string; word: WordKey }[] = [
  { key: "suspected", word: "case.suspected" },
  { key: "confirmed", word: "case.confirmed" },
  { key: "returned", word: "case.returned" },
  { key: "closed", word: "case.closed" },
];
const ROLES = ["school", "township", "county", "city"];

/** With whom something lies; that nobody is named is said (of a guardian, whom the registers name, it is not). */
export function Holder({ position, holder }: { position: { zh: string; en: string } | null; holder: string | null }) {
  const { t, pick } = useWords();
  if (position === null) return <>–</>;
  return (
    <>
      {pick(position)} {holder === "" ? <Mark colour="red">{t("case.nobody")}</Mark> : holder}
    </>
  );
}

function useFilterList(): Filter[] {
  const { t, pick } = useWords();
  const domain = useDomain();
  const areas = useAreaChoices();
  const texts = useApi<Procedures>("/api/procedures").data;
  return useMemo(() => {
    const all = { value: "", label: t("list.all") };
    return [
      {
        name: "procedure",
        label: t("case.procedure"),
        kind: "select",
        options: [all, ...(texts?.procedures ?? []).map((row) => ({ value: row.key, label: pick(row) }))],
        width: 150,
      },
      {
        name: "status",
        label: t("finding.status"),
        kind: "select",
        options: [
          { value: "", label: t("case.open") },
          ...CASE_STATUSES.map((row) => ({ value: row.key, label: t(row.word) })),
          { value: "all", label: t("list.all") },
        ],
        width: 130,
      },
      {
        name: "role",
        label: t("case.lies_with"),
        kind: "select",
        options: [all, ...ROLES.map((role) => ({ value: role, label: domain.name("roles", role) }))],
        width: 130,
      },
      { name: "due", label: t("case.due_until"), kind: "day", width: 140 },
      {
        name: "overdue",
        label: t("case.overdue"),
        kind: "select",
        options: [all, { value: "true", label: t("case.overdue_only") }],
        width: 110,
      },
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 200 },
    ];
  }, [t, pick, domain, areas, texts]);
}

export default function CasesPage() {
  const { t, pick } = useWords();
  const { may } = useSession();
  const filters = useFilterList();
  const columns: Column<CaseRow>[] = [
    {
      key: "due",
      title: t("case.due"),
      width: 110,
      render: (row) => (
        <>
          {row.due ?? "–"} {row.overdue && <Mark colour="red">{t("case.overdue")}</Mark>}
        </>
      ),
    },
    {
      key: "name",
      title: t("finding.name"),
      width: 165,
      render: (row) => (
        <>
          <Link to={`/cases/${row.case}`}>{row.name || t("person.unnamed")}</Link>
          <div className="help mono">{row.id_number}</div>
        </>
      ),
    },
    {
      key: "area",
      title: t("finding.area"),
      width: 210,
      render: (row) => (
        <>
          {row.area_name}
          <div className="help">{row.school}</div>
        </>
      ),
    },
    {
      key: "state",
      title: t("finding.status"),
      width: 140,
      render: (row) => (
        <>
          {row.state && pick(row.state)}
          <div className="help">{pick(row.procedure)}</div>
        </>
      ),
    },
    { key: "step", title: t("case.step"), render: (row) => (row.step ? pick(row.step) : "–") },
    {
      key: "holder",
      title: t("case.lies_with"),
      width: 190,
      render: (row) => (
        <>
          <Holder position={row.position} holder={row.holder} />
          {row.level > 0 && <div className="help">{t("case.came_up", { n: row.level })}</div>}
        </>
      ),
    },
    {
      key: "opened",
      title: t("case.opened"),
      width: 115,
      render: (row) => (
        <>
          {row.opened}
          <div className="help">{t("case.contacts", { n: row.contacts })}</div>
        </>
      ),
    },
  ];
  return (
    <ListPage<CaseRow>
      title={t("case.title")}
      lead={t("case.lead")}
      path="/api/cases"
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.case)}
      actions={({ query }) =>
        may("work") && <Link to={withQuery("/case-sheets", { area: query.area })}>{t("case_sheet.title")}</Link>
      }
      empty={t("case.empty")}
    />
  );
}
