// Points of the risk list with their reasons, and the cases beside them; also on the page of a child.
import { withQuery } from "../api/client";
import type { RiskRow } from "../api/risk";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { Link } from "../frame/router";
import { useWords } from "../words/words";
import { Section } from "./page";

export function RiskReasons({ row }: { row: RiskRow }) {
  const { t, pick } = useWords();
  return (
    <ul className="tight">
      {row.reasons.map((reason) => (
        <li key={reason.point.key}>
          {pick(reason.said)} <span className="help">{t("risk.counts", { n: reason.points })}</span>{" "}
          {reason.person > 0 && <Link to={`/persons/${reason.person}`}>{t("risk.who")}</Link>}
        </li>
      ))}
    </ul>
  );
}

export function RiskCases({ row }: { row: RiskRow }) {
  const { t, pick } = useWords();
  if (row.cases.length === 0) return <span className="help">{t("risk.no_cases")}</span>;
  return (
    <ul className="tight">
      {row.cases.map((file) => (
        <li key={file.case}>
          <Link to={`/cases/${file.case}`}>{pick(file.procedure)}</Link> <span className="help">{pick(file.stands)}</span>
        </li>
      ))}
    </ul>
  );
}

/** On the page of a child: nothing where no point holds. */
export function PersonRisk({ person }: { person: string }) {
  const { t, pick } = useWords();
  const row = useApi<Rows<RiskRow>>(withQuery("/api/risk", { person })).data?.rows[0];
  if (row === undefined) return null;
  return (
    <Section title={t("risk.of_child", { n: row.points })}>
      <RiskReasons row={row} />
      {pick(row.unknown) !== "" && (
        <p className="help">{t("risk.unknown_are", { what: pick(row.unknown) })}</p>
      )}
      <p className="help">{t("risk.lead")}</p>
    </Section>
  );
}
