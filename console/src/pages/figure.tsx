// One figure: its value and definition, the counties, and every row that it counts.
import Checkbox from "antd/es/checkbox";
import Select from "antd/es/select";
import { useMemo } from "react";
import type { FigureBy, FigureRow, FigureWhole } from "../api/types";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { PersonLink } from "../components/common";
import { EveryoneText, ValueText, number, useSource } from "../components/figures";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Facts } from "../components/page";
import { Ready } from "../components/states";
import type { PageProps } from "../frame/pages";
import { Link, useFilters } from "../frame/router";
import { count } from "../frame/format";
import { useDomain, useWords, type WordKey } from "../words/words";

/** The figure by county, township or school; what is too small to be told in public is not told. */
function Parts({ figure, path }: { figure: FigureWhole; path: string }) {
  const { t, pick } = useWords();
  const [query, set] = useFilters();
  const at = query.at ?? "";
  const link = (code: string, name: string) =>
    figure.by === "school" ? (
      <Link to={`/schools/${encodeURIComponent(code)}`}>{name}</Link>
    ) : (
      <Link to={withQuery(path, { area: code, at, by: query.by ?? "" })}>{name}</Link>
    );
  return (
    <details className="card" open={query.by !== undefined || query.public !== undefined}>
      <summary>{t("figures.parts")}</summary>
      <div className="filters">
        <div className="filter">
          <label htmlFor="figure-by">{t("figures.by")}</label>
          <Select
            id="figure-by"
            style={{ width: 160 }}
            value={figure.by}
            onChange={(by: string) => set({ by })}
            options={(Object.keys(SPLITS) as FigureBy[]).map((by) => ({ value: by, label: t(SPLITS[by]) }))}
          />
        </div>
        <Checkbox
          checked={query.public === "true"}
          onChange={(event) => set({ public: event.target.checked ? "true" : "" })}
        >
          {t("figures.public")}
        </Checkbox>
      </div>
      {figure.parts.length === 0 ? (
        <p>{t("figures.no_parts")}</p>
      ) : (
        <div className="scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t(SPLITS[figure.by])}</th>
                <th scope="col" className="number">
                  {t("figures.value")}（{pick(figure.unit)}）
                </th>
                <th scope="col" className="number">
                  {t("figures.rows_count")}
                </th>
              </tr>
            </thead>
            <tbody>
              {figure.parts.map((row) => (
                <tr key={row.code}>
                  <th scope="row">{row.code ? link(row.code, row.name) : "–"}</th>
                  <td className="number">
                    <ValueText value={row.value} withheld={row.withheld} />
                  </td>
                  <td className="number">{row.rows === null ? "…" : count(row.rows)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

const SPLITS: Record<FigureBy, WordKey> = {
  county: "figures.by_county",
  township: "figures.by_township",
  school: "figures.by_school",
};

function Definition({ figure, path }: { figure: FigureWhole; path: string }) {
  const { t, pick } = useWords();
  const source = useSource();
  return (
    <>
      <Facts
        items={[
          {
            label: t("figures.value"),
            value: (
              <>
                <ValueText value={figure.value} withheld={figure.withheld} /> {figure.value === null ? "" : pick(figure.unit)}
              </>
            ),
          },
          { label: t("figures.rows_count"), value: figure.rows === null ? "…" : count(figure.rows) },
          { label: t("figures.period"), value: pick(figure.period) },
          { label: t("figures.verified"), value: figure.everyone ? <EveryoneText everyone={figure.everyone} /> : "" },
          { label: t("figures.sources"), value: figure.sources.map(source).join(t("list.comma")) },
          { label: t("figures.cites"), value: figure.cites },
        ]}
      />
      <p>
        {t("figures.definition")}：{pick(figure.definition)}
      </p>
      <Parts figure={figure} path={path} />
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
  const figure = useApi<FigureWhole>(
    withQuery(`/api/figures/${key}`, {
      area: query.area ?? "",
      at: query.at ?? "",
      by: query.by ?? "",
      public: query.public ?? "",
    }),
  );
  const everyone = Boolean(figure.data?.everyone);
  const filters = useMemo<Filter[]>(() => {
    const area: Filter = { name: "area", label: t("figures.area"), kind: "select", options: areas, width: 240 };
    const at: Filter = { name: "at", label: t("figures.at"), kind: "day", width: 150 };
    if (!everyone) return [area, at];
    const options = [
      { value: "", label: t("figures.part_rows") },
      { value: "expected", label: t("figures.part_expected") },
      { value: "verified", label: t("figures.part_verified") },
      { value: "open", label: t("figures.part_open") },
    ];
    return [area, at, { name: "part", label: t("figures.part"), kind: "select", options }];
  }, [t, areas, everyone]);
  const named = (of: string, field: string) => {
    const words = figure.data?.columns.find((column) => column.key === field);
    return words ? pick(words) : domain.field(of, field);
  };
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
      render: (row) => row.more.map((cell) => `${named(row.of, cell.key)} ${cell.value}`).join("；"),
    },
  ];
  return (
    <ListPage<FigureRow>
      title={figure.data ? pick(figure.data) : params.figure}
      lead={<Link to={withQuery("/figures", { area: query.area ?? "", at: query.at ?? "" })}>{t("figures.title")}</Link>}
      path={`/api/figures/${key}/rows`}
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.of}/${row.record}`}
      before={<Ready answer={figure}>{(data) => <Definition figure={data} path={path} />}</Ready>}
      empty={t("figures.no_rows")}
    />
  );
}
