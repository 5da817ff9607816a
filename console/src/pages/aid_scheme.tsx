// One scheme: the rule as it reads on the day, and the students whom it concerns.
import { useMemo } from "react";
import type { AidStudent, SchemeRule } from "../api/types";
import { useApi } from "../api/use_api";
import { VerdictMark } from "../components/aid";
import { useAreaChoices } from "../components/areas";
import { PersonLink } from "../components/common";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Ready } from "../components/states";
import { yuan } from "../frame/format";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useWords } from "../words/words";

function Rule({ scheme }: { scheme: string }) {
  const { t, pick } = useWords();
  const answer = useApi<SchemeRule>(`/api/aid/schemes/${scheme}`);
  return (
    <details className="card">
      <summary>{t("aid.rule")}</summary>
      <Ready answer={answer}>
        {(rule) => <pre className="rule">{pick({ zh: rule.text_zh, en: rule.text_en })}</pre>}
      </Ready>
    </details>
  );
}

export default function AidSchemePage({ params }: PageProps) {
  const { t, pick } = useWords();
  const areas = useAreaChoices();
  const scheme = encodeURIComponent(params.scheme);
  const rule = useApi<SchemeRule>(`/api/aid/schemes/${scheme}`);
  const filters = useMemo<Filter[]>(
    () => [
      {
        name: "verdict",
        label: t("aid.verdict"),
        kind: "select",
        options: [
          { value: "", label: t("list.all") },
          { value: "yes", label: t("aid.yes") },
          { value: "no", label: t("aid.no") },
          { value: "unknown", label: t("aid.unknown") },
        ],
      },
      {
        name: "paid",
        label: t("aid.paid"),
        kind: "select",
        options: [
          { value: "", label: t("list.all") },
          { value: "true", label: t("schools.yes") },
          { value: "false", label: t("aid.not_paid") },
        ],
      },
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 220 },
    ],
    [t, areas],
  );
  const columns: Column<AidStudent>[] = [
    {
      key: "name",
      title: t("finding.name"),
      render: (row) => <PersonLink person={row.person ?? 0} name={row.name ?? ""} />,
    },
    { key: "area", title: t("finding.area"), width: 260, render: (row) => row.area_name },
    { key: "school", title: t("schools.name"), width: 220, render: (row) => row.attends },
    { key: "verdict", title: t("aid.verdict"), width: 110, render: (row) => <VerdictMark verdict={row.verdict} /> },
    {
      key: "due",
      title: t("aid.due"),
      width: 110,
      align: "right",
      render: (row) => (row.due_fen === null ? "–" : yuan(row.due_fen)),
    },
    {
      key: "paid",
      title: t("aid.paid_yuan"),
      width: 110,
      align: "right",
      render: (row) => (row.paid_fen === null ? t("aid.not_stated") : yuan(row.paid_fen)),
    },
    {
      key: "needs",
      title: t("aid.needs_short"),
      width: 180,
      render: (row) => row.needs.map((need) => pick(need)).join(t("list.comma")),
    },
  ];
  return (
    <ListPage<AidStudent>
      title={rule.data ? pick(rule.data) : params.scheme}
      lead={<Link to="/aid">{t("aid.title")}</Link>}
      path={`/api/aid/schemes/${scheme}/students`}
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.person)}
      before={<Rule scheme={scheme} />}
      empty={t("aid.no_students")}
    />
  );
}
