// One figure: its value and definition, the counties, and every row that it counts.
import { useMemo } from "react";
import type { FigureRow, FigureWhole } from "../api/types";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { PersonLink } from "../components/common";
import { EveryoneText, number } from "../components/figures";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Facts } from "../components/page";
import { Ready } from "../components/states";
import type { PageProps } from "../frame/pages";
import { Link, useFilters } from "../frame/router";
import { count } from "../frame/format";
import { useDomain, useWords, type WordKey } from "../words/words";

function Counties({ figure, path }: { figure: FigureWhole; path: string }) {
  const { t, pick } = useWords();
  if (figure.counties.length === 0) return null;
  return (
    <details className="card">
      <summary>{t("figures.counties")}</summary>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("figures.area")}</th>
            <th scope="col" className="number">
              {t("figures.value")}（{pick(figure.unit)}）
            </th>
            <th scope="col" className="number">
              {t("figures.rows_count")}
            </th>
          </tr>
        </thead>
        <tbody>
          {figure.counties.map((row) => (
            <tr key={row.code}>
              <th scope="row">{row.code ? <Link to={withQuery(path, { area: row.code })}>{row.name}</Link> : "–"}</th>
              <td className="number">{row.value === null ? t("figures.unknown") : number(row.value)}</td>
              <td className="number">{count(row.rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

// What the program itself found, beside the registers.
const ENGINES: Record<string, WordKey> = {
  findings: "figures.of_findings",
  expected: "figures.of_expected",
  cases: "figures.of_cases",
};

function useSource(): (key: string) => string {
  const { t } = useWords();
  const domain = useDomain();
  return (key) => (ENGINES[key] ? t(ENGINES[key]) : domain.name("registers", key));
}

function Definition({ figure, path }: { figure: FigureWhole; path: string }) {
  const { t, pick } = useWords();
  const source = useSource();
  return (
    <>
      <Facts
        items={[
          {
            label: t("figures.value"),
            value: figure.value === null ? t("figures.unknown") : `${number(figure.value)} ${pick(figure.unit)}`,
          },
          { label: t("figures.rows_count"), value: count(figure.rows) },
          { label: t("figures.period"), value: pick(figure.period) },
          { label: t("figures.verified"), value: figure.everyone ? <EveryoneText everyone={figure.everyone} /> : "" },
          { label: t("figures.sources"), value: figure.sources.map(source).join(t("list.comma")) },
          { label: t("figures.cites"), value: figure.cites },
        ]}
      />
      <p>
        {t("figures.definition")}：{pick(figure.definition)}
      </p>
      <Counties figure={figure} path={path} />
      <details className="card">
        <summary>{t("figures.query")}</summary>
        <pre className="rule">{figure.sql}</pre>
      </details>
    </>
  );
}

export default function FigurePage({ params }: PageProps) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const source = useSource();
  const areas = useAreaChoices();
  const [query] = useFilters();
  const key = encodeURIComponent(params.figure);
  const path = `/figures/${key}`;
  const figure = useApi<FigureWhole>(withQuery(`/api/figures/${key}`, { area: query.area ?? "" }));
  const everyone = Boolean(figure.data?.everyone);
  const filters = useMemo<Filter[]>(() => {
    const area: Filter = { name: "area", label: t("figures.area"), kind: "select", options: areas, width: 240 };
    if (!everyone) return [area];
    const options = [
      { value: "", label: t("figures.part_rows") },
      { value: "expected", label: t("figures.part_expected") },
      { value: "verified", label: t("figures.part_verified") },
      { value: "open", label: t("figures.part_open") },
    ];
    return [area, { name: "part", label: t("figures.part"), kind: "select", options }];
  }, [t, areas, everyone]);
  const columns: Column<FigureRow>[] = [
    { key: "of", title: t("figures.register"), width: 130, render: (row) => source(row.of) },
    { key: "record", title: t("figures.record"), width: 90, align: "right", render: (row) => row.record },
    {
      key: "name",
      title: t("figures.name"),
      render: (row) => (row.person > 0 ? <PersonLink person={row.person} name={row.name} /> : row.name),
    },
    { key: "area", title: t("figures.area"), width: 240, render: (row) => row.area_name },
    { key: "school", title: t("figures.school"), width: 200, render: (row) => row.school },
    {
      key: "value",
      title: t("figures.value"),
      width: 130,
      align: "right",
      render: (row) => (row.value === null ? "" : number(row.value)),
    },
    {
      key: "more",
      title: t("figures.more"),
      width: 260,
      render: (row) => row.more.map((cell) => `${domain.field(row.of, cell.key)} ${cell.value}`).join("；"),
    },
  ];
  return (
    <ListPage<FigureRow>
      title={figure.data ? pick(figure.data) : params.figure}
      lead={<Link to={withQuery("/figures", { area: query.area ?? "" })}>{t("figures.title")}</Link>}
      path={`/api/figures/${key}/rows`}
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.of}/${row.record}`}
      before={<Ready answer={figure}>{(data) => <Definition figure={data} path={path} />}</Ready>}
      empty={t("figures.no_rows")}
    />
  );
}
