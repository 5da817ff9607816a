// For leaders: the areas against what was promised (no child of age out of school, every child on a roll, every
// school reporting). Each number leads to the list that it counts; a tile or a bar leads into its area.
import Select from "antd/es/select";
import { lazy, Suspense, useMemo } from "react";
import type { AreaCount, Summary } from "../api/types";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { Cartogram } from "../components/cartogram";
import { CountLink } from "../components/common";
import { Dossier } from "../components/dossier";
import { Page, Section } from "../components/page";
import { Counted, Empty, Loading } from "../components/states";
import { count, inTenThousand } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useSession } from "../frame/session";
import { useDomain, useWords } from "../words/words";

const Bars = lazy(() => import("../components/bars"));
// More than these are read in the table.
const BARS_MAX = 12;
const FIRST_KIND = "not_enrolled";

/** Where an area leads: into it while it has parts, else to the children. */
function placeOf(area: AreaCount, kind: string): string {
  if (area.level !== "village") return withQuery("/leader", { area: area.code, kind });
  return withQuery("/findings", { area: area.code, kind });
}

function Table({ summary, kind }: { summary: Summary; kind: string }) {
  const { t } = useWords();
  const domain = useDomain();
  const kinds = domain.list("finding_kinds").filter((word) => summary.areas.some((area) => area.findings[word.key]));
  return (
    <div className="scroll">
      <table className="plain">
        <caption className="help">{t("leader.table")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("finding.area")}</th>
            <th scope="col" className="number">
              {t("summary.expected")}
            </th>
            <th scope="col" className="number">
              {t("leader.share", { kind: domain.name("finding_kinds", kind) })}
            </th>
            {kinds.map((word) => (
              <th scope="col" className="number" key={word.key}>
                {domain.name("finding_kinds", word.key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {summary.areas.map((area) => (
            <tr key={area.code}>
              <th scope="row">
                <Link to={placeOf(area, kind)}>{area.name}</Link>
              </th>
              <td className="number">{count(area.expected)}</td>
              <td className="number">{inTenThousand(area.findings[kind] ?? 0, area.expected)}</td>
              {kinds.map((word) => (
                <td className="number" key={word.key}>
                  <CountLink
                    n={area.findings[word.key] ?? 0}
                    to={withQuery("/findings", { area: area.code, kind: word.key })}
                    label={`${area.name} ${domain.name("finding_kinds", word.key)}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Promises({ summary, area }: { summary: Summary; area: string }) {
  const { t } = useWords();
  const total = (kind: string) =>
    summary.findings
      .filter((row) => row.kind === kind && row.status !== "closed")
      .reduce((sum, row) => sum + row.count, 0);
  const promises = [
    { label: t("leader.promise_school"), kind: "not_enrolled" },
    { label: t("leader.promise_attend"), kind: "not_attending" },
    { label: t("leader.promise_roll"), kind: "attending_unregistered" },
    { label: t("leader.promise_report"), kind: "not_reported" },
  ];
  return (
    <dl className="balance">
      {promises.map((promise) => {
        const n = total(promise.kind);
        return (
          <div key={promise.kind} className={n > 0 ? "missing" : undefined}>
            <dt>{promise.label}</dt>
            <dd>
              {n === 0 ? (
                t("leader.kept")
              ) : (
                <CountLink n={n} to={withQuery("/findings", { kind: promise.kind, area })} label={promise.label} />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

export default function LeaderPage() {
  const { t } = useWords();
  const domain = useDomain();
  const { session, may } = useSession();
  const [query, set] = useFilters();
  const area = query.area ?? "";
  const kind = query.kind ?? FIRST_KIND;
  const answer = useApi<Summary>(withQuery("/api/summary", { area }));
  const areas = answer.data?.areas;
  const tiles = useMemo(
    () =>
      (areas ?? []).map((part) => ({
        code: part.code,
        name: part.name,
        size: part.expected,
        n: part.findings[kind] ?? 0,
        to: placeOf(part, kind),
      })),
    [areas, kind],
  );
  const bars = useMemo(
    () => [...tiles].sort((a, b) => b.n - a.n || (a.code < b.code ? -1 : 1)).slice(0, BARS_MAX),
    [tiles],
  );
  const kindName = domain.name("finding_kinds", kind);
  const above = area !== "" && !session?.areas.some((own) => own.code === area);
  return (
    <Page
      title={t("leader.title")}
      lead={
        <>
          {t("leader.lead")} {above && <Link to={withQuery("/leader", { kind })}>{t("leader.up")}</Link>}
        </>
      }
      actions={
        <>
        {may("export") && <Dossier area={area} key={area} />}
        <div className="filter">
          <label htmlFor="kind">{t("finding.kind")}</label>
          <Select
            id="kind"
            style={{ width: 200 }}
            value={kind}
            onChange={(value) => set({ kind: value })}
            options={domain
              .list("finding_kinds")
              .map((word) => ({ value: word.key, label: domain.name("finding_kinds", word.key) }))}
          />
        </div>
        </>
      }
    >
      <Counted answer={answer}>
        {(summary) => (
          <>
            <Promises summary={summary} area={area} />
            {summary.areas.length === 0 ? (
              <Empty>{t("leader.empty")}</Empty>
            ) : (
              <>
                <div className="halves">
                  <Section title={t("leader.map", { kind: kindName })}>
                    <Cartogram tiles={tiles} label={t("leader.map", { kind: kindName })} />
                  </Section>
                  <Section title={t("leader.bars", { kind: kindName })}>
                    <Suspense fallback={<Loading />}>
                      <Bars bars={bars} label={t("leader.bars", { kind: kindName })} />
                    </Suspense>
                  </Section>
                </div>
                <Section title={t("leader.numbers")}>
                  <Table summary={summary} kind={kind} />
                </Section>
              </>
            )}
          </>
        )}
      </Counted>
    </Page>
  );
}
