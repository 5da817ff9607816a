// Home: whose work is waiting, the riskiest first, what is new and what has waited long. Every number is a link to
// the list that it counts.
import type { Finding, FindingCount, Rows, Summary } from "../api/types";
import { useApi } from "../api/use_api";
import { withQuery } from "../api/client";
import { CountLink, PersonLink, Probability, QueueTag, Reasons } from "../components/common";
import { Page, Section } from "../components/page";
import { Counted, Empty, Ready } from "../components/states";
import { age, count, dayBefore, share } from "../frame/format";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useDomain, useWords } from "../words/words";

const TOP = 10;
const LONG_DAYS = 30;
const ORDER = ["visit", "ask_elsewhere", "fix_data", "report_missing", "pay", "collect", "watch"];
// Shown only where there is something in them: not every city keeps its aid here, and not all comes undone.
const WHERE_ANY = ["pay", "collect", "watch"];

interface KindCount {
  kind: string;
  count: number;
  expected: number;
}

/** Open findings of each queue, by kind; queues stand in the order of their urgency. */
function byQueue(findings: FindingCount[]): { queue: string; total: number; kinds: KindCount[] }[] {
  const found = new Map<string, Map<string, KindCount>>();
  for (const queue of ORDER) found.set(queue, new Map());
  for (const row of findings) {
    if (row.status === "closed") continue;
    const kinds = found.get(row.queue) ?? new Map<string, KindCount>();
    found.set(row.queue, kinds);
    const kind = kinds.get(row.kind) ?? { kind: row.kind, count: 0, expected: 0 };
    kind.count += row.count;
    kind.expected += Number(row.expected_true) || 0;
    kinds.set(row.kind, kind);
  }
  return Array.from(found, ([queue, kinds]) => {
    const list = Array.from(kinds.values()).sort((a, b) => b.count - a.count);
    return { queue, total: list.reduce((sum, kind) => sum + kind.count, 0), kinds: list };
  });
}

function Board({ summary }: { summary: Summary }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <div className="board">
      {byQueue(summary.findings).filter(({ queue, total }) => total > 0 || !WHERE_ANY.includes(queue)).map(({ queue, total, kinds }) => (
        <section key={queue} className={`card queue-${queue}`} aria-label={domain.name("queues", queue)}>
          <h3>
            <Link to={withQuery("/findings", { queue })}>
              {domain.name("queues", queue)} <span className="big">{count(total)}</span>
            </Link>
          </h3>
          {kinds.length === 0 && <p className="help">{t("queue.nothing")}</p>}
          <ul>
            {kinds.map((kind) => (
              <li key={kind.kind}>
                <Link to={withQuery("/findings", { queue, kind: kind.kind })}>
                  <span>{domain.name("finding_kinds", kind.kind)}</span>
                  <span>{count(kind.count)}</span>
                </Link>
                <span className="help">{t("queue.expected_true", { n: count(kind.expected) })}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function useCount(query: Record<string, string> | null): number | undefined {
  const path = query === null ? null : withQuery("/api/findings", { ...query, page_size: 1 });
  return useApi<Rows<Finding>>(path).data?.total;
}

function Waiting({ summary }: { summary: Summary }) {
  const { t } = useWords();
  const { lastVisit, may } = useSession();
  const at = summary.snapshot?.at ?? "";
  const longAgo = dayBefore(at, LONG_DAYS);
  const fresh = useCount(lastVisit === "" ? null : { opened_since: lastVisit });
  const old = useCount(longAgo === "" ? null : { opened_until: longAgo });
  const items: { key: string; label: string; to: string; n: number | undefined }[] = [];
  if (lastVisit !== "")
    items.push({
      key: "new",
      label: t("queue.new", { day: lastVisit }),
      n: fresh,
      to: withQuery("/findings", { opened_since: lastVisit }),
    });
  items.push({
    key: "old",
    label: t("queue.old", { n: LONG_DAYS }),
    n: old,
    to: withQuery("/findings", { opened_until: longAgo }),
  });
  if (may("review")) items.push({ key: "reviews", label: t("queue.reviews"), n: summary.reviews, to: "/reviews" });
  if (may("import"))
    items.push({ key: "rejected", label: t("queue.rejected"), n: summary.imports.rejected_open, to: "/imports" });
  return (
    <ul className="waiting">
      {items.map((item) => (
        <li key={item.key}>
          <span>{item.label}</span>
          <strong>{item.n === undefined ? "…" : <CountLink n={item.n} to={item.to} label={item.label} />}</strong>
        </li>
      ))}
      {summary.imports.last_ms !== null && (
        <li>
          <span>{t("queue.last_import")}</span>
          <strong>{age(summary.imports.last_ms, Date.now(), t)}</strong>
        </li>
      )}
    </ul>
  );
}

function Balance({ summary }: { summary: Summary }) {
  const { t } = useWords();
  const rest = [
    { label: t("summary.on_roll"), n: summary.on_roll },
    { label: t("summary.finished"), n: summary.finished },
    { label: t("summary.lawful"), n: summary.lawful },
    { label: t("summary.reported_schooled"), n: summary.reported_schooled },
  ];
  return (
    <dl className="balance">
      <div>
        <dt>{t("summary.expected")}</dt>
        <dd>{count(summary.expected)}</dd>
      </div>
      {rest.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>
            {count(item.n)} <small>{share(item.n, summary.expected)}</small>
          </dd>
        </div>
      ))}
      <div className="missing">
        <dt>{t("summary.not_enrolled")}</dt>
        <dd>
          <CountLink n={summary.not_enrolled} to="/findings?kind=not_enrolled" label={t("summary.not_enrolled")} />
        </dd>
      </div>
    </dl>
  );
}

function Riskiest() {
  const { t } = useWords();
  const domain = useDomain();
  const answer = useApi<Rows<Finding>>(withQuery("/api/findings", { page_size: TOP }));
  return (
    <Ready answer={answer}>
      {(list) =>
        list.rows.length === 0 ? (
          <Empty>{t("queue.empty")}</Empty>
        ) : (
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("finding.name")}</th>
                <th scope="col">{t("finding.age")}</th>
                <th scope="col">{t("finding.area")}</th>
                <th scope="col">{t("finding.kind")}</th>
                <th scope="col">{t("finding.reason")}</th>
                <th scope="col">{t("finding.queue")}</th>
                <th scope="col">{t("finding.probability")}</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((row) => (
                <tr key={row.finding}>
                  <td className="nowrap">
                    {row.person !== null ? (
                      <PersonLink person={row.person} name={row.name} />
                    ) : (
                      row.school || row.area_name
                    )}
                  </td>
                  <td>{row.age ?? ""}</td>
                  <td>{row.area_name}</td>
                  <td>{domain.name("finding_kinds", row.kind)}</td>
                  <td>
                    <Reasons keys={row.reason} notes={row.notes} />
                  </td>
                  <td>
                    <QueueTag queue={row.queue} />
                  </td>
                  <td>
                    <Probability value={row.probability} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Ready>
  );
}

export default function QueuePage() {
  const { t } = useWords();
  const { session } = useSession();
  const answer = useApi<Summary>("/api/summary");
  const areas = session?.areas.map((area) => area.name).join(t("list.comma")) ?? "";
  return (
    <Page title={t("queue.title")} lead={t("queue.lead", { areas: areas || session?.school || "" })}>
      <Counted answer={answer}>
        {(summary) => (
          <>
            <Balance summary={summary} />
            <Board summary={summary} />
            <div className="two-columns">
              <Section title={t("queue.riskiest")} extra={<Link to="/findings">{t("queue.all")}</Link>}>
                <Riskiest />
              </Section>
              <Section title={t("queue.waiting")}>
                <Waiting summary={summary} />
              </Section>
            </div>
          </>
        )}
      </Counted>
    </Page>
  );
}
