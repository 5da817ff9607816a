// A page of figures and lists that belong together: the counties beside each other above, the rows of the one chosen
// below. Every number leads to the rows that it counts.
import { useMemo } from "react";
import type { Board } from "../api/boards";
import { withQuery } from "../api/client";
import type { FigureRow, FigureWhole } from "../api/types";
import { useApi } from "../api/use_api";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useDomain, useWords } from "../words/words";
import { useAreaChoices } from "./areas";
import { PersonLink } from "./common";
import { number } from "./figures";
import { ListPage, type Column, type Filter } from "./list_page";
import { Ready } from "./states";

interface BoardPageProps {
  board: string;
  path: string;
  title: string;
  lead: string;
  /** Whose rows are listed to begin with. */
  first: string;
}

function Numbers({ board, path, chosen }: { board: Board; path: string; chosen: string }) {
  const { t, pick } = useWords();
  const [query] = useFilters();
  const to = (figure: string, area: string) => withQuery(path, { list: figure, area, at: query.at ?? "" });
  const cell = (value: string | null) => (value === null ? "–" : number(value));
  return (
    <div className="scroll">
      <table className="plain">
        <caption className="help">{t("board.counted", { at: board.at ?? "" })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("figures.figure")}</th>
            <th scope="col">{t("figures.unit")}</th>
            <th scope="col" className="number">
              {t("board.all")}
            </th>
            {board.places.map((place) => (
              <th scope="col" className="number" key={place.code}>
                {place.name || t("board.no_place")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {board.figures.map((figure, i) => (
            <tr key={figure.figure} aria-current={figure.figure === chosen ? "true" : undefined}>
              <th scope="row" title={pick(figure.definition)}>
                {figure.figure === chosen ? (
                  <strong>{pick(figure)}</strong>
                ) : (
                  <Link to={to(figure.figure, query.area ?? "")}>{pick(figure)}</Link>
                )}
              </th>
              <td>{pick(figure.unit)}</td>
              <td className="number">
                <Link to={to(figure.figure, query.area ?? "")}>{cell(figure.value)}</Link>
              </td>
              {board.places.map((place) => (
                <td className="number" key={place.code}>
                  {place.values[i] === null || place.code === "" ? (
                    cell(place.values[i])
                  ) : (
                    <Link to={to(figure.figure, place.code)}>{cell(place.values[i])}</Link>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a cell of the rows says, in words where the program keeps a key. */
function useCell(figure: FigureWhole | undefined): (key: string, value: string) => string {
  const domain = useDomain();
  const { t } = useWords();
  return (key, value) => {
    const column = figure?.columns.find((one) => one.key === key);
    if (key === "stage") return domain.name("stages", value);
    if (column?.of) {
      const [register, field] = column.of.split(".");
      return value
        .split(",")
        .map((part) => domain.value(register, field, part))
        .join(t("list.comma"));
    }
    return domain.value(figure?.of ?? "", key, value);
  };
}

export function BoardPage({ board, path, title, lead, first }: BoardPageProps) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const areas = useAreaChoices(["county", "township"]);
  const [query] = useFilters();
  const at = query.at ?? "";
  const chosen = query.list ?? first;
  const key = encodeURIComponent(chosen);
  const numbers = useApi<Board>(withQuery(`/api/boards/${board}`, { at }));
  const figure = useApi<FigureWhole>(withQuery(`/api/figures/${key}`, { area: query.area ?? "", at }));
  const cell = useCell(figure.data);
  const filters = useMemo<Filter[]>(
    () => [
      { name: "area", label: t("figures.area"), kind: "select", options: areas, width: 240 },
      { name: "at", label: t("figures.at"), kind: "day", width: 150 },
    ],
    [t, areas],
  );
  const columns: Column<FigureRow>[] = [
    {
      key: "name",
      title: t("board.name"),
      render: (row) =>
        row.person > 0 ? (
          <PersonLink person={row.person} name={row.name} />
        ) : row.school !== "" ? (
          <Link to={`/schools/${encodeURIComponent(row.school)}`}>{row.name || row.school}</Link>
        ) : (
          row.name || String(row.record)
        ),
    },
    { key: "area", title: t("figures.area"), render: (row) => row.area_name },
    ...(figure.data?.fields ?? [])
      .filter((field) => field !== "county" && field !== "township")
      .map((field) => {
        const words = figure.data?.columns.find((column) => column.key === field);
        return {
          key: field,
          title: words ? pick(words) : domain.field(figure.data?.of ?? "", field),
          render: (row: FigureRow) => {
            const found = row.more.find((more) => more.key === field);
            return found ? cell(field, found.value) : "";
          },
        };
      }),
    ...(figure.data?.unit.en === "yuan" || figure.data?.unit.en === "days"
      ? [
          {
            key: "value",
            title: `${t("figures.value")}（${pick(figure.data.unit)}）`,
            align: "right" as const,
            render: (row: FigureRow) =>
              row.value === null ? "" : number(figure.data?.unit.en === "yuan" ? row.value / 100 : row.value),
          },
        ]
      : []),
  ];
  return (
    <ListPage<FigureRow>
      key={chosen}
      title={title}
      lead={lead}
      path={`/api/figures/${key}/rows`}
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.of}/${row.record}`}
      before={
        <>
          <Ready answer={numbers}>{(data) => <Numbers board={data} path={path} chosen={chosen} />}</Ready>
          {figure.data && (
            <section aria-label={pick(figure.data)}>
              <h2>
                {pick(figure.data)}：{count(figure.data.rows ?? 0)}
              </h2>
              <p className="help">
                {pick(figure.data.definition)}{" "}
                <Link to={withQuery(`/figures/${key}`, { area: query.area ?? "", at })}>{t("board.more")}</Link>
              </p>
            </section>
          )}
        </>
      }
      empty={t("figures.no_rows")}
    />
  );
}
