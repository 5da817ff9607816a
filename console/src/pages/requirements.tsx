// What schools and villages lack to what is asked of them one by one, and what would close it: most children first.
import { useMemo } from "react";
import type { Requirement, RequirementGap } from "../api/boards";
import { withQuery } from "../api/client";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { number } from "../components/figures";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Ready } from "../components/states";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useDomain, useWords } from "../words/words";

function Rules({ rules, chosen }: { rules: Requirement[]; chosen: string }) {
  const { t, pick } = useWords();
  const [query] = useFilters();
  return (
    <details className="card" open={chosen === ""}>
      <summary>{t("requirements.rules")}</summary>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("requirements.rule")}</th>
              <th scope="col" className="number">
                {t("standards.gaps")}
              </th>
              <th scope="col" className="number">
                {t("requirements.cost")}
              </th>
              <th scope="col">{t("requirements.price")}</th>
              <th scope="col">{t("standards.cites")}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.figure}>
                <th scope="row">
                  <Link to={withQuery(`/figures/${rule.figure}`, { area: query.area ?? "" })}>{pick(rule)}</Link>
                </th>
                <td className="number">
                  {rule.gaps === null ? (
                    t("figures.unknown")
                  ) : rule.gaps === 0 ? (
                    0
                  ) : (
                    <Link to={withQuery("/requirements", { rule: rule.figure, area: query.area ?? "" })}>
                      {count(rule.gaps)}
                    </Link>
                  )}
                </td>
                <td className="number">{rule.cost === null ? "–" : number(rule.cost)}</td>
                <td>{rule.cost === null ? t("requirements.no_price") : rule.price_note}</td>
                <td>{rule.cites}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export default function RequirementsPage() {
  const { t, pick } = useWords();
  const domain = useDomain();
  const areas = useAreaChoices(["county", "township"]);
  const [query] = useFilters();
  const rules = useApi<Rows<Requirement>>(withQuery("/api/requirements", { area: query.area ?? "" }));
  const all = rules.data?.rows;
  const filters = useMemo<Filter[]>(() => {
    const any = { value: "", label: t("standards.any") };
    return [
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 240 },
      {
        name: "rule",
        label: t("requirements.rule"),
        kind: "select",
        width: 320,
        options: [any, ...(all ?? []).map((rule) => ({ value: rule.figure, label: pick(rule) }))],
      },
    ];
  }, [t, pick, areas, all]);
  const columns: Column<RequirementGap>[] = [
    {
      key: "name",
      title: t("requirements.who"),
      render: (row) => (row.school ? <Link to={`/schools/${encodeURIComponent(row.school)}`}>{row.name}</Link> : row.name),
    },
    { key: "area", title: t("finding.area"), width: 170, render: (row) => row.area_name },
    { key: "children", title: t("requirements.children"), width: 90, align: "right", render: (row) => count(row.concerned) },
    {
      key: "rule",
      title: t("requirements.rule"),
      render: (row) => (row.item ? `${pick(row)}：${domain.value(row.of, "item", row.item)}` : pick(row)),
    },
    { key: "has", title: t("standards.value"), width: 70, align: "right", render: (row) => row.has },
    { key: "bound", title: t("standards.least"), width: 70, align: "right", render: (row) => row.bound },
    { key: "close", title: t("requirements.close"), width: 210, render: (row) => <strong>{pick(row.close)}</strong> },
    {
      key: "cost",
      title: t("requirements.cost"),
      width: 120,
      align: "right",
      render: (row) => (row.cost === null ? t("requirements.no_price") : number(row.cost)),
    },
  ];
  return (
    <ListPage<RequirementGap>
      title={t("requirements.title")}
      lead={
        <>
          {t("requirements.lead")} <Link to="/standards">{t("standards.title")}</Link>
        </>
      }
      path="/api/requirements/gaps"
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.rule}/${row.of}/${row.record}`}
      before={<Ready answer={rules}>{(data) => <Rules rules={data.rows} chosen={query.rule ?? ""} />}</Ready>}
      empty={t("standards.empty")}
    />
  );
}
