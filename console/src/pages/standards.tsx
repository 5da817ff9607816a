// What schools lack to the standards and what would close it, and how even the schools of each county are.
import { useMemo } from "react";
import type { Standard, StandardCounty, StandardGap, StandardLine } from "../api/standards";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { number } from "../components/figures";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark } from "../components/mark";
import { Facts } from "../components/page";
import { Ready } from "../components/states";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useDomain, useWords } from "../words/words";

function Verdict({ met }: { met: boolean | null }) {
  const { t } = useWords();
  if (met === null) return <>–</>;
  return met ? <>{t("standards.met")}</> : <Mark colour="red">{t("standards.not_met")}</Mark>;
}

function Counties({ rows, open }: { rows: StandardCounty[]; open: boolean }) {
  const { t, pick } = useWords();
  const domain = useDomain();
  if (rows.length === 0) return null;
  return (
    <details className="card" open={open}>
      <summary>{t("standards.counties")}</summary>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("finding.area")}</th>
              <th scope="col">{t("standards.stage")}</th>
              <th scope="col">{t("standards.indicator")}</th>
              <th scope="col" className="number">
                {t("standards.schools")}
              </th>
              <th scope="col" className="number">
                {t("standards.coefficient")}
              </th>
              <th scope="col" className="number">
                {t("standards.limit")}
              </th>
              <th scope="col">{t("standards.judged")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.code}/${row.stage}/${row.indicator?.key ?? ""}`}>
                <th scope="row">{row.name}</th>
                <td>{domain.name("stages", row.stage)}</td>
                <td>{row.indicator ? pick(row.indicator) : <strong>{t("standards.mean")}</strong>}</td>
                <td className="number">{count(row.schools)}</td>
                <td className="number">{row.coefficient}</td>
                <td className="number">{row.limit ?? "–"}</td>
                <td>
                  <Verdict met={row.met} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** A coefficient, and the level to which schools are raised where it is too high. */
function Coefficient({ row, stage }: { row: StandardLine; stage: string }) {
  const { t } = useWords();
  const found = row.stages.find((one) => one.stage === stage);
  if (!found) return <>–</>;
  if (!found.uneven) return <>{found.coefficient}</>;
  return (
    <>
      {found.coefficient} <Mark colour="red">{t("standards.raise", { level: number(found.level) })}</Mark>
    </>
  );
}

const LINE_HEADS = [
  "standards.line_below",
  "standards.line_lacking",
  "standards.line_lacking_cost",
  "standards.line_raised",
  "standards.line_added",
  "standards.line_added_cost",
] as const;

function Lines({ rows }: { rows: StandardLine[] }) {
  const { t, pick } = useWords();
  const domain = useDomain();
  if (rows.length === 0) return null;
  const cost = (value: string | null) => (value === null ? t("requirements.no_price") : number(value));
  return (
    <details className="card">
      <summary>{t("standards.lines")}</summary>
      <p className="help">{t("standards.lines_how")}</p>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("finding.area")}</th>
              <th scope="col">{t("standards.indicator")}</th>
              {["primary", "junior"].map((stage) => (
                <th scope="col" className="number" key={stage}>
                  {t("standards.coefficient")} · {domain.name("stages", stage)}
                </th>
              ))}
              {LINE_HEADS.map((key) => (
                <th scope="col" className="number" key={key}>
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.code}/${row.indicator.key}`}>
                <th scope="row">{row.name}</th>
                <td>{pick(row.indicator)}</td>
                <td className="number">
                  <Coefficient row={row} stage="primary" />
                </td>
                <td className="number">
                  <Coefficient row={row} stage="junior" />
                </td>
                <td className="number">{count(row.below)}</td>
                <td className="number">
                  {number(row.lacking)} {pick(row.unit)}
                </td>
                <td className="number">{cost(row.lacking_cost)}</td>
                <td className="number">{count(row.raised)}</td>
                <td className="number">
                  {number(row.added)} {pick(row.unit)}
                </td>
                <td className="number">{cost(row.added_cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Whole({ standard }: { standard: Standard }) {
  const { t, pick } = useWords();
  if (standard.year === 0) return <p>{t("standards.no_year")}</p>;
  // Where no school is asked for anything, that all meet it says nothing: what counts are the counties.
  const asks = standard.asks_schools;
  return (
    <>
      <Facts
        items={[
          { label: t("standards.set"), value: pick(standard.set) },
          { label: t("standards.year"), value: standard.year },
          {
            label: t("standards.meeting"),
            value: asks
              ? t("standards.of", { meeting: count(standard.meeting), schools: count(standard.schools) })
              : t("standards.not_asked"),
          },
          { label: t("standards.gaps"), value: count(standard.gaps) },
          { label: t("standards.cites"), value: standard.cites },
        ]}
      />
      <Counties key={standard.set.key} rows={standard.counties} open={!asks} />
      <Lines rows={standard.lines} />
    </>
  );
}

export default function StandardsPage() {
  const { t, pick } = useWords();
  const domain = useDomain();
  const areas = useAreaChoices(["county", "township"]);
  const [query] = useFilters();
  const set = query.set ?? "";
  const standard = useApi<Standard>(withQuery("/api/standards", { area: query.area ?? "", set }));
  const { sets, indicators } = standard.data ?? {};
  const shown = standard.data?.set.key;
  const filters = useMemo<Filter[]>(() => {
    const any = { value: "", label: t("standards.any") };
    return [
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 220 },
      {
        name: "set",
        label: t("standards.set"),
        kind: "select",
        width: 190,
        // The one that stands where none is named is named by nothing.
        options: (sets ?? []).map((word) => ({
          value: set === "" && word.key === shown ? "" : word.key,
          label: pick(word),
        })),
      },
      {
        name: "stage",
        label: t("standards.stage"),
        kind: "select",
        options: [any, ...["primary", "junior"].map((key) => ({ value: key, label: domain.name("stages", key) }))],
      },
      {
        name: "indicator",
        label: t("standards.indicator"),
        kind: "select",
        width: 260,
        options: [any, ...(indicators ?? []).map((word) => ({ value: word.key, label: pick(word) }))],
      },
    ];
  }, [t, pick, domain, areas, set, shown, sets, indicators]);
  const columns: Column<StandardGap>[] = [
    {
      key: "name",
      title: t("standards.school"),
      render: (row) => (row.code ? <Link to={`/schools/${encodeURIComponent(row.code)}`}>{row.name}</Link> : row.name),
    },
    { key: "area", title: t("finding.area"), width: 180, render: (row) => row.area_name },
    { key: "stage", title: t("standards.stage"), width: 80, render: (row) => domain.name("stages", row.stage) },
    { key: "pupils", title: t("standards.pupils"), width: 90, align: "right", render: (row) => count(row.pupils) },
    { key: "indicator", title: t("standards.indicator"), render: (row) => pick(row.indicator) },
    { key: "value", title: t("standards.value"), width: 100, align: "right", render: (row) => number(row.value) },
    { key: "least", title: t("standards.least"), width: 100, align: "right", render: (row) => number(row.least) },
    {
      key: "lacking",
      title: t("standards.lacking"),
      width: 160,
      align: "right",
      render: (row) => (
        <strong>
          {number(row.lacking)} {pick(row.unit)}
        </strong>
      ),
    },
    { key: "items", title: t("standards.items"), width: 90, align: "right", render: (row) => `${row.met}/${row.asked}` },
  ];
  return (
    <ListPage<StandardGap>
      title={t("standards.title")}
      lead={t("standards.lead")}
      path="/api/standards/gaps"
      filters={filters}
      columns={columns}
      rowKey={(row) => `${row.code || row.name}/${row.stage}/${row.indicator.key}`}
      before={<Ready answer={standard}>{(data) => <Whole standard={data} />}</Ready>}
      empty={t(standard.data?.asks_schools === false ? "standards.not_asked" : "standards.empty")}
    />
  );
}
