// A child: what is suspected and why, every fact with the register, file, row and day it comes from, the records that
// are nearest and were not taken for the same child, and who did what.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState } from "react";
import type { Candidate, Finding, Person, PersonRecord, SeenRecord } from "../api/types";
import { useApi } from "../api/use_api";
import { PersonAidSection } from "../components/aid";
import { Mark } from "../components/mark";
import { PersonCases } from "../components/person_cases";
import { PersonPaymentsSection } from "../components/person_payments";
import { LineWho, Probability, QueueTag, Reasons } from "../components/common";
import { Compare } from "../components/compare";
import { Section } from "../components/page";
import { useRevealed } from "../components/revealed";
import { RecordPage } from "../components/record_page";
import { PersonRisk } from "../components/risk";
import { Empty } from "../components/states";
import { age, bits, percent } from "../frame/format";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import type { PageProps } from "../frame/pages";
import { useDomain, useWords } from "../words/words";

export function Source({ record }: { record: SeenRecord }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <span className="source">
      <strong>{domain.name("registers", record.register)}</strong>
      {" · "}
      {t("source.row", { file: record.file, sheet: record.sheet, row: record.row })}
      {" · "}
      {record.until === null
        ? t("source.since", { day: record.since ?? "–" })
        : t("source.between", { from: record.since ?? "–", to: record.until })}
      {" · "}
      {record.imported_ms !== null && t("source.imported", { age: age(record.imported_ms, Date.now(), t) })}
    </span>
  );
}

function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useWords();
  const domain = useDomain();
  if (findings.length === 0) return <Empty>{t("person.no_findings")}</Empty>;
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li key={finding.finding}>
          <strong>{domain.name("finding_kinds", finding.kind)}</strong> <QueueTag queue={finding.queue} />
          <Mark>{domain.name("statuses", finding.status)}</Mark> <Probability value={finding.probability} />
          <p>
            <Reasons keys={finding.reason} notes={finding.notes} />
            {finding.opened !== "" && <span className="help"> {t("person.opened", { day: finding.opened })}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}

interface Fact {
  field: string;
  name: string;
  values: { value: string; written: string | null; derived: boolean; records: SeenRecord[] }[];
}

/** What is said of each field, and by whom; a field with two values is one on which the registers disagree. What they call
 * by other words, as "from" is a day of death here and of enrolment there, is not the same. */
function factsOf(records: SeenRecord[], nameOf: (register: string, field: string) => string): Fact[] {
  const facts = new Map<string, Fact>();
  for (const record of records)
    for (const said of record.values) {
      const name = nameOf(record.register, said.field);
      const fact = facts.get(`${said.field} ${name}`) ?? { field: said.field, name, values: [] };
      facts.set(`${said.field} ${name}`, fact);
      const known = fact.values.find((value) => value.value === said.value);
      if (known) known.records.push(record);
      else fact.values.push({ value: said.value, written: said.written, derived: said.derived, records: [record] });
    }
  return Array.from(facts.values());
}

interface WrittenProps {
  register: string;
  field: string;
  value: string;
  written: string | null;
  derived: boolean;
}

/** A value in words, and as the register writes it where that differs. */
function Written({ register, field, value, written, derived }: WrittenProps) {
  const { t } = useWords();
  const domain = useDomain();
  const shown = domain.value(register, field, value);
  return (
    <>
      {shown || "–"}
      {written !== null && written !== shown && <span className="help"> {t("person.written", { text: written })}</span>}
      {derived && <span className="help"> {t("person.derived")}</span>}
    </>
  );
}

function ByFact({ records }: { records: SeenRecord[] }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <table className="plain facts-table">
      <thead>
        <tr>
          <th scope="col">{t("compare.field")}</th>
          <th scope="col">{t("person.value")}</th>
          <th scope="col">{t("person.source")}</th>
        </tr>
      </thead>
      {factsOf(records, domain.field).map((fact) => (
        <tbody key={`${fact.field} ${fact.name}`} className={fact.values.length > 1 ? "disagree" : undefined}>
          {fact.values.map((value, i) => (
            <tr key={value.value}>
              {i === 0 && (
                <th scope="rowgroup" rowSpan={fact.values.length}>
                  {fact.name}
                  {fact.values.length > 1 && <Mark>{t("person.disagree", { n: fact.values.length })}</Mark>}
                </th>
              )}
              <td>
                <Written register={value.records[0].register} field={fact.field} {...value} />
              </td>
              <td>
                {value.records.map((record) => (
                  <div key={`${record.register}.${record.statement}`}>
                    <Source record={record} />
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function BySource({ records }: { records: SeenRecord[] }) {
  const domain = useDomain();
  return (
    <>
      {records.map((record) => (
        <div className="card record" key={`${record.register}.${record.statement}`}>
          <p>
            <Source record={record} />
          </p>
          <dl className="facts">
            {record.values.map((said) => (
              <div key={said.field}>
                <dt>{domain.field(record.register, said.field)}</dt>
                <dd>
                  <Written register={record.register} {...said} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </>
  );
}

function Records({ records }: { records: PersonRecord[] }) {
  const { t } = useWords();
  const domain = useDomain();
  const [bySource, setBySource] = useState(false);
  const seen = records.filter((record): record is SeenRecord => record.visible);
  const hidden = records.filter((record) => !record.visible);
  const toggle = (
    <Button size="small" onClick={() => setBySource(!bySource)}>
      {bySource ? t("person.by_fact") : t("person.by_source")}
    </Button>
  );
  return (
    <Section title={t("person.records", { n: records.length })} extra={toggle}>
      {bySource ? <BySource records={seen} /> : <ByFact records={seen} />}
      {hidden.map((record, i) => (
        <p className="help" key={i}>
          {t("person.hidden", {
            register: domain.name("registers", record.register),
            area: record.visible ? "" : record.area_name,
          })}
        </p>
      ))}
    </Section>
  );
}

function Candidates({ person, candidates }: { person: Person; candidates: Candidate[] }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <Section title={t("person.candidates")}>
      {candidates.length === 0 && <Empty>{t("person.no_candidates")}</Empty>}
      {candidates.map((candidate, i) => (
        <details className="card" key={`${candidate.register}.${candidate.statement}`} open={i === 0}>
          <summary>
            <LineWho line={candidate} plain /> {candidate.school} {domain.name("registers", candidate.register)} ·{" "}
            {t("person.same_chance", { p: percent(candidate.probability) })} ·{" "}
            {t("compare.total", { bits: bits(candidate.weight_millibits) })}
          </summary>
          {candidate.visible && (
            <p>
              {t("person.candidate_of")} <LineWho line={candidate} />
            </p>
          )}
          <Compare
            fields={candidate.fields}
            left={{ title: person.name, register: "" }}
            right={{ title: candidate.name ?? candidate.area_name, register: candidate.register }}
          />
        </details>
      ))}
    </Section>
  );
}

export default function PersonPage({ params }: PageProps) {
  const { t } = useWords();
  const domain = useDomain();
  const { may } = useSession();
  const number = encodeURIComponent(params.person);
  const answer = useApi<Person>(`/api/persons/${number}`);
  const revealed = useRevealed(`/api/persons/${number}/reveal`, [t("reveal.phrase_visit"), t("reveal.phrase_call"), t("reveal.phrase_roll")]);
  return (
    <RecordPage
      answer={answer}
      opening={t("person.opening", { person: params.person })}
      title={(person) => person.name || t("person.unnamed")}
      lead={(person) => t("person.number", { person: person.person })}
      actions={() => (
        <>
          {revealed.button}
          <Button onClick={() => window.print()}>{t("common.print")}</Button>
        </>
      )}
      facts={(person) => [
        { label: t("person.sex"), value: domain.value("", "sex", person.sex) },
        { label: t("person.birth_date"), value: person.birth_date },
        { label: t("person.id_number"), value: <span className="mono">{person.id_number}</span> },
        { label: t("person.area"), value: person.area_name },
      ]}
      history={(person) => person.history}
    >
      {(person) => (
        <>
          {person.joined_into !== null && (
            <Alert
              type="warning"
              showIcon
              message={t("person.joined_into")}
              action={<Link to={`/persons/${person.joined_into}`}>{t("person.joined_open")}</Link>}
            />
          )}
          {revealed.values}
          <Section title={t("person.findings")}>
            <Findings findings={person.findings} />
          </Section>
          {person.joined_into === null && <PersonCases person={number} />}
          {person.joined_into === null && <PersonAidSection person={number} />}
          {person.joined_into === null && <PersonRisk person={String(number)} />}
          {person.joined_into === null && may("pay") && <PersonPaymentsSection person={number} />}
          <Records records={person.records} />
          <Candidates person={person} candidates={person.candidates} />
          {revealed.dialog}
        </>
      )}
    </RecordPage>
  );
}
