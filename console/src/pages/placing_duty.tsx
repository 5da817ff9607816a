// The duty to exchange teachers: what each county has to do, did and lacks, and the teachers behind each number.
import { useMemo } from "react";
import type { Duty, DutyCount, DutyTeacher } from "../api/placing";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { number } from "../components/figures";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark, type Colour } from "../components/mark";
import { Facts } from "../components/page";
import { PlacingNav } from "../components/placing_nav";
import { Ready } from "../components/states";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useDomain, useWords, type WordKey } from "../words/words";

const STATES: Record<string, WordKey> = {
  eligible: "duty.eligible",
  not_yet: "duty.not_yet",
  unknown: "duty.unknown",
  exchanged: "duty.exchanged",
  due: "duty.due",
};
const COLOURS: Record<string, Colour> = { eligible: "blue", not_yet: "grey", unknown: "gold" };

/** A number that opens the teachers it counts. */
function Teachers({ n, state, area, year }: { n: number; state: string; area: string; year: string }) {
  const { t } = useWords();
  if (n === 0) return <>0</>;
  return (
    <Link to={withQuery("/placing/duty", { area, year, state })} aria-label={t("duty.open", { n: count(n) })}>
      {count(n)}
    </Link>
  );
}

const HEADS: WordKey[] = [
  "duty.eligible",
  "duty.not_yet",
  "duty.unknown",
  "duty.required",
  "duty.exchanged",
  "duty.share",
  "duty.lacking",
  "duty.key_exchanged",
  "duty.key_share",
  "duty.key_lacking",
];

function CountyRow({ row, year }: { row: DutyCount; year: string }) {
  const { t } = useWords();
  const of = (n: number, state: string) => <Teachers n={n} state={state} area={row.code} year={year} />;
  const most = row.required_most > row.required;
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td className="number">{count(row.teachers)}</td>
      <td className="number">{of(row.eligible, "eligible")}</td>
      <td className="number">{of(row.not_yet, "not_yet")}</td>
      <td className="number">{of(row.unknown, "unknown")}</td>
      <td className="number">
        {count(row.required)}
        {most && <div className="help">{t("duty.at_most", { n: count(row.required_most) })}</div>}
      </td>
      <td className="number">{of(row.exchanged, "exchanged")}</td>
      <td className="number">{row.share === null ? "–" : number(row.share)}</td>
      <td className="number">{row.lacking > 0 ? <strong>{count(row.lacking)}</strong> : 0}</td>
      <td className="number">{count(row.key_exchanged)}</td>
      <td className="number">{row.key_share === null ? "–" : number(row.key_share)}</td>
      <td className="number">{row.key_lacking > 0 ? <strong>{count(row.key_lacking)}</strong> : 0}</td>
      <td>
        <Mark colour={row.met ? "green" : "red"}>{t(row.met ? "duty.met" : "duty.not_met")}</Mark>
      </td>
    </tr>
  );
}

function Counties({ duty, year }: { duty: Duty; year: string }) {
  const { t } = useWords();
  if (duty.counties.length === 0) return <p className="help">{t("duty.no_counties")}</p>;
  return (
    <div className="scroll">
      <table className="plain">
        <caption className="hidden">{t("duty.counties")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("finding.area")}</th>
            <th scope="col" className="number">
              {t("duty.teachers")}
            </th>
            {HEADS.map((word) => (
              <th key={word} scope="col" className="number">
                {t(word)}
              </th>
            ))}
            <th scope="col">{t("duty.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {duty.counties.map((row) => (
            <CountyRow key={row.code || row.name} row={row} year={year} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Whole({ duty, year }: { duty: Duty; year: string }) {
  const { t } = useWords();
  const rule = t("duty.rule_text", {
    years: duty.years,
    on: duty.on,
    share: duty.share_percent,
    key: duty.key_percent,
  });
  const besides = t("duty.besides_text", {
    outside: count(duty.outside + duty.stageless),
    unmatched: count(duty.unmatched),
    heads: count(duty.heads),
    beyond: count(duty.beyond),
    undated: count(duty.undated),
  });
  return (
    <>
      <Facts
        items={[
          { label: t("duty.year"), value: t("duty.year_text", { from: duty.year, to: duty.year + 1 }) },
          { label: t("duty.rule"), value: rule },
          { label: t("duty.cites"), value: duty.cites },
          { label: t("duty.besides"), value: besides },
        ]}
      />
      <Counties duty={duty} year={year} />
    </>
  );
}

function useDutyFilters(newest: number | undefined): Filter[] {
  const { t } = useWords();
  const areas = useAreaChoices(["county", "township"]);
  return useMemo<Filter[]>(() => {
    const years = newest === undefined ? [] : [1, 2, 3, 4, 5].map((back) => newest - back);
    const word = (year: number) => t("duty.year_text", { from: year, to: year + 1 });
    return [
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 220 },
      {
        name: "year",
        label: t("duty.year"),
        kind: "select",
        width: 170,
        options: [
          { value: "", label: t("duty.this_year") },
          ...years.map((year) => ({ value: String(year), label: word(year) })),
        ],
      },
      {
        name: "state",
        label: t("duty.state"),
        kind: "select",
        width: 170,
        options: [
          { value: "", label: t("list.all") },
          ...Object.keys(STATES).map((key) => ({ value: key, label: t(STATES[key]) })),
        ],
      },
    ];
  }, [t, areas, newest]);
}

export default function PlacingDutyPage() {
  const { t, pick } = useWords();
  const domain = useDomain();
  const [query] = useFilters();
  const year = query.year ?? "";
  const duty = useApi<Duty>(withQuery("/api/placing/duty", { area: query.area ?? "", year }));
  const now = useApi<Duty>("/api/placing/duty");
  const filters = useDutyFilters(now.data?.year);
  const columns: Column<DutyTeacher>[] = [
    { key: "name", title: t("duty.teacher"), width: 110, render: (row) => row.name },
    {
      key: "school",
      title: t("duty.school"),
      render: (row) =>
        row.school_code ? <Link to={`/schools/${encodeURIComponent(row.school_code)}`}>{row.school}</Link> : row.school,
    },
    { key: "stage", title: t("duty.stage"), width: 80, render: (row) => domain.name("stages", row.stage) },
    { key: "subject", title: t("duty.subject"), width: 110, render: (row) => pick(row.subject) },
    { key: "key", title: t("duty.key"), width: 80, render: (row) => (row.key_teacher ? t("duty.yes") : "–") },
    {
      key: "state",
      title: t("duty.state"),
      width: 190,
      render: (row) => (
        <>
          <Mark colour={COLOURS[row.state.key]}>{pick(row.state)}</Mark>{" "}
          {row.exchanged && <Mark colour="green">{t("duty.exchanged")}</Mark>}
          {row.due && <Mark colour="red">{t("duty.due")}</Mark>}
        </>
      ),
    },
    { key: "years", title: t("duty.years"), width: 70, align: "right", render: (row) => row.years ?? "–" },
    {
      key: "since",
      title: t("duty.since"),
      width: 260,
      render: (row) => (
        <>
          {row.since ?? "–"} <span className="help">{pick(row.evidence)}</span>
        </>
      ),
    },
  ];
  return (
    <ListPage<DutyTeacher>
      title={t("duty.title")}
      lead={t("duty.lead")}
      path="/api/placing/duty/teachers"
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.record)}
      above={<PlacingNav />}
      before={<Ready answer={duty}>{(data) => <Whole duty={data} year={year} />}</Ready>}
      empty={t("duty.empty")}
    />
  );
}
