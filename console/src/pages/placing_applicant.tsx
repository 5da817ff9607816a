// An applicant: each special plan with its verdict, each condition with what is known and the register, file, row and
// day that says so; what is missing and who can state it; what contradicts itself.
import Button from "antd/es/button";
import type { EligibleOne } from "../api/eligible";
import { useApi } from "../api/use_api";
import { Why } from "../components/aid";
import { ConflictDetail, EligibleMark } from "../components/eligible";
import { Mark } from "../components/mark";
import { Section } from "../components/page";
import { RecordPage } from "../components/record_page";
import { useRevealed } from "../components/revealed";
import { Empty } from "../components/states";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useWords } from "../words/words";

function Plans({ one }: { one: EligibleOne }) {
  const { t, pick } = useWords();
  if (one.lines.length === 0) return <Empty>{t("eligible.no_plans")}</Empty>;
  const asked = one.lines.some((line) => line.asked);
  return (
    <>
      {one.lines.map((line) => (
        <details key={line.plan.key} className="card" open={asked ? line.asked : line.verdict.key !== "refused"}>
          <summary>
            <strong>{pick(line.plan)}</strong> <EligibleMark verdict={line.verdict} />{" "}
            {line.asked && <Mark colour="blue">{t("eligible.asked")}</Mark>}
            {line.why.unconfirmed && <Mark colour="gold">{t("aid.unconfirmed")}</Mark>}
          </summary>
          <Why explained={line.why} />
        </details>
      ))}
    </>
  );
}

function Conflicts({ one }: { one: EligibleOne }) {
  const { t, pick } = useWords();
  if (one.conflicts.length === 0) return <p className="help">{t("eligible.none_of_applicant")}</p>;
  return (
    <ul className="bare">
      {one.conflicts.map((row, i) => (
        <li key={i}>
          <Mark colour="red">{pick(row.kind)}</Mark> {row.number}
          {row.other !== "" && row.other !== row.number && ` / ${row.other}`} <ConflictDetail row={row} />
        </li>
      ))}
    </ul>
  );
}

export default function PlacingApplicantPage({ params }: PageProps) {
  const { t } = useWords();
  const record = encodeURIComponent(params.record);
  const answer = useApi<EligibleOne>(`/api/placing/eligible/applicants/${record}`);
  const revealed = useRevealed(`/api/placing/eligible/applicants/${record}/reveal`, [t("eligible.phrase_check"), t("reveal.phrase_call")]);
  return (
    <RecordPage
      answer={answer}
      opening={t("eligible.title")}
      title={(one) => one.name || t("person.unnamed")}
      lead={(one) => t("eligible.one_lead", { year: one.year, day: one.counted })}
      actions={() => (
        <>
          {revealed.button}
          <Button onClick={() => window.print()}>{t("common.print")}</Button>
        </>
      )}
      facts={(one) => [
        { label: t("eligible.number"), value: <span className="mono">{one.number}</span> },
        { label: t("person.id_number"), value: <span className="mono">{one.id_number}</span> },
        { label: t("eligible.county"), value: one.area_name },
        { label: t("eligible.school"), value: one.school },
        { label: t("eligible.asked_as"), value: one.asked },
        {
          label: t("eligible.records"),
          value:
            one.person === null ? (
              t("eligible.no_person")
            ) : (
              <Link to={`/persons/${one.person}`}>{t("eligible.open_person")}</Link>
            ),
        },
      ]}
    >
      {(one) => (
        <>
          {revealed.values}
          <Section title={t("eligible.conflicts")}>
            <Conflicts one={one} />
          </Section>
          <Section title={t("eligible.plans")}>
            <Plans one={one} />
          </Section>
          <p>
            <Link to={`/placing/eligible?year=${one.year}`}>{t("eligible.back")}</Link>
          </p>
          {revealed.dialog}
        </>
      )}
    </RecordPage>
  );
}
