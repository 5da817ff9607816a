// What was published and frozen, and why a publication differs from the one of the same figure before it.
import Button from "antd/es/button";
import { useMemo, useState } from "react";
import type { Difference, Publication } from "../api/publications";
import type { FigureName, Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { PersonLink } from "../components/common";
import { number, useSource } from "../components/figures";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { PublishDialog } from "../components/publish";
import type { PageProps } from "../frame/pages";
import { Link, useFilters } from "../frame/router";
import { useSession } from "../frame/session";
import { count, moment } from "../frame/format";
import { useWords } from "../words/words";

/** The publication of the same figure and areas before each. */
function usePrevious(rows: Publication[]): (row: Publication) => Publication | undefined {
  return (row) =>
    rows.find((other) => other.figure === row.figure && other.areas === row.areas && other.number < row.number);
}

export default function PublicationsPage() {
  const { t, pick } = useWords();
  const { may } = useSession();
  const [query] = useFilters();
  const [asking, setAsking] = useState(false);
  const names = useApi<Rows<FigureName>>("/api/figures/names");
  const all = useApi<Rows<Publication>>(`/api/publications?page_size=500`);
  const previous = usePrevious(all.data?.rows ?? []);
  const filters = useMemo<Filter[]>(() => {
    const options = (names.data?.rows ?? []).map((row) => ({ value: row.figure, label: pick(row) }));
    const any = { value: "", label: t("standards.any") };
    return [{ name: "figure", label: t("figures.figure"), kind: "select", options: [any, ...options], width: 320 }];
  }, [t, pick, names.data]);
  const columns: Column<Publication>[] = [
    { key: "number", title: t("published.number"), width: 80, align: "right", render: (row) => row.number },
    {
      key: "figure",
      title: t("figures.figure"),
      render: (row) => <Link to={`/figures/${encodeURIComponent(row.figure)}?at=${row.at ?? ""}`}>{pick(row)}</Link>,
    },
    {
      key: "value",
      title: t("figures.value"),
      width: 160,
      align: "right",
      render: (row) => `${number(row.value)} ${row.unit ? pick(row.unit) : ""}`,
    },
    { key: "rows", title: t("figures.rows_count"), width: 90, align: "right", render: (row) => count(row.rows) },
    { key: "at", title: t("published.at"), width: 110, render: (row) => row.at },
    { key: "areas", title: t("figures.area"), width: 110, render: (row) => (row.areas === "*" ? t("published.all") : row.areas) },
    { key: "hash", title: t("published.hash"), width: 90, render: (row) => <code>{row.members_hash.slice(0, 8)}</code> },
    {
      key: "made",
      title: t("published.made"),
      width: 180,
      render: (row) => (
        <>
          {moment(row.made_ms)} {row.user}
        </>
      ),
    },
    { key: "reason", title: t("published.reason"), render: (row) => row.reason },
    {
      key: "before",
      title: t("published.before"),
      width: 130,
      render: (row) => {
        const before = previous(row);
        return before ? (
          <Link to={`/publications/${before.number}/${row.number}`}>{t("published.compare", { n: before.number })}</Link>
        ) : (
          "–"
        );
      },
    },
  ];
  return (
    <>
      <ListPage<Publication>
        key={query.figure ?? ""}
        title={t("published.title")}
        lead={t("published.lead")}
        path="/api/publications"
        filters={filters}
        columns={columns}
        rowKey={(row) => String(row.number)}
        actions={() =>
          may("export") && (
            <Button type="primary" onClick={() => setAsking(true)}>
              {t("published.publish")}
            </Button>
          )
        }
        empty={t("published.empty")}
      />
      {asking && (
        <PublishDialog open figures={query.figure ? [query.figure] : []} area="" at="" onClose={() => setAsking(false)} />
      )}
    </>
  );
}

const NO_FILTERS: Filter[] = [];

export function DifferencesPage({ params }: PageProps) {
  const { t, pick } = useWords();
  const source = useSource();
  const columns: Column<Difference>[] = [
    { key: "change", title: t("published.change"), width: 90, render: (row) => pick(row.change_words) },
    { key: "part", title: t("figures.part"), width: 110, render: (row) => t(row.part === "over" ? "published.over" : "published.rows") },
    { key: "of", title: t("figures.register"), width: 150, render: (row) => source(row.of) },
    { key: "record", title: t("figures.record"), width: 100, align: "right", render: (row) => row.record },
    {
      key: "person",
      title: t("published.person"),
      width: 100,
      render: (row) => (row.person > 0 ? <PersonLink person={row.person} name={String(row.person)} /> : ""),
    },
    { key: "was", title: t("published.was"), width: 120, align: "right", render: (row) => number(row.was) },
    { key: "now", title: t("published.now"), width: 120, align: "right", render: (row) => number(row.now) },
    { key: "why", title: t("published.why"), render: (row) => pick(row.why_words) },
  ];
  return (
    <ListPage<Difference>
      title={t("published.difference", { first: params.first, second: params.second })}
      lead={<Link to="/publications">{t("published.title")}</Link>}
      path={`/api/publications/${encodeURIComponent(params.first)}/differences/${encodeURIComponent(params.second)}`}
      filters={NO_FILTERS}
      columns={columns}
      rowKey={(row) => `${row.part}/${row.of}/${row.record}/${row.change}`}
      empty={t("published.same")}
    />
  );
}
