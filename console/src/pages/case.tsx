// One case: what it is about, who owes what by when, what is to be done, and all that happened, newest first.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState } from "react";
import type { CaseEvent, CaseFile, CaseStep, Procedures } from "../api/types";
import { useApi } from "../api/use_api";
import { KeptFile } from "../components/case_files";
import { ACTION_WORDS, CaseForm, type CaseAction } from "../components/case_forms";
import { CasePapers } from "../components/case_papers";
import { useCaseLabels } from "../components/case_words";
import { Mark, type Colour } from "../components/mark";
import { Section } from "../components/page";
import { RecordPage } from "../components/record_page";
import { Empty } from "../components/states";
import { moment } from "../frame/format";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useDomain, useWords, type WordKey } from "../words/words";
import { CASE_STATUSES, Holder } from "./cases";

const STANDINGS: Record<CaseStep["standing"], { word: WordKey; colour: Colour }> = {
  owed: { word: "case.owed", colour: "gold" },
  done: { word: "case.done", colour: "green" },
  not_yet: { word: "case.not_yet", colour: "grey" },
  lapsed: { word: "case.lapsed", colour: "grey" },
};

function Steps({ file }: { file: CaseFile }) {
  const { t, pick } = useWords();
  return (
    <Section title={t("case.steps")}>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("case.step")}</th>
              <th scope="col">{t("finding.status")}</th>
              <th scope="col">{t("case.due")}</th>
              <th scope="col">{t("case.evidence")}</th>
              <th scope="col">{t("case.law")}</th>
            </tr>
          </thead>
          <tbody>
            {file.steps
              .filter((step) => step.standing !== "lapsed")
              .map((step) => (
                <tr key={step.step.key}>
                  <th scope="row">{pick(step.step)}</th>
                  <td>
                    <Mark colour={STANDINGS[step.standing].colour}>{t(STANDINGS[step.standing].word)}</Mark>
                  </td>
                  <td className="nowrap">
                    {step.standing === "done" ? step.done : (step.due ?? "–")}{" "}
                    {step.standing === "owed" && step.due !== null && step.due < file.at && (
                      <Mark colour="red">{t("case.overdue")}</Mark>
                    )}
                  </td>
                  <td>{pick({ zh: step.evidence_zh, en: step.evidence_en })}</td>
                  <td className="help">
                    {step.laws.join(t("list.separator"))} {step.confidence}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Duties({ file }: { file: CaseFile }) {
  const { t, pick } = useWords();
  return (
    <Section title={t("case.duties")}>
      <table className="plain">
        <tbody>
          {file.duties.map((duty) => (
            <tr key={duty.position.key}>
              <th scope="row">
                <Holder position={duty.position} holder={duty.holder} />
              </th>
              <td>
                {duty.owes.length === 0 && <span className="help">{t("case.owes_nothing")}</span>}
                {duty.owes.map((owed) => (
                  <div key={owed.step.key}>
                    {pick(owed.step)} · {t("case.by", { day: owed.due })}{" "}
                    {owed.overdue && <Mark colour="red">{t("case.overdue")}</Mark>}
                    {owed.covers && <span className="help"> {t("case.covers")}</span>}
                    {!owed.covers && owed.level > 0 && (
                      <span className="help"> {t("case.came_up", { n: owed.level })}</span>
                    )}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** What an event says, in words where the texts have them. */
function useFieldText(file: CaseFile, texts: Procedures | undefined) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const label = useCaseLabels(texts);
  const procedure = texts?.procedures.find((row) => row.key === file.procedure.key);
  const words = { way: texts?.ways, result: texts?.results, step: procedure?.steps, outcome: procedure?.outcomes };
  const value = (key: string, written: string, notes?: { zh: string; en: string }) => {
    const found = words[key as keyof typeof words]?.find((row) => row.key === written);
    if (found) return pick(found);
    if (key === "queue") return domain.name("queues", written);
    if (key === "kinds") return written.split(";").map((kind) => domain.name("finding_kinds", kind)).join(t("list.comma"));
    if (key === "reason") {
      const words = written.split(";").map((word) => domain.name("reasons", word));
      return (notes ? [...words, pick(notes)] : words).join(t("list.comma"));
    }
    return written;
  };
  return (event: CaseEvent) =>
    event.fields
      .filter((field) => label(field.key))
      .map((field) => ({ key: field.key, label: label(field.key) ?? "", value: value(field.key, field.value, field.notes) }));
}

function Timeline({ file, texts }: { file: CaseFile; texts: Procedures | undefined }) {
  const { t, pick } = useWords();
  const say = useFieldText(file, texts);
  return (
    <Section title={t("case.timeline", { n: file.events.length })}>
      <ol className="timeline">
        {file.events
          .slice()
          .reverse()
          .map((event) => (
            <li key={event.version}>
              <strong>{event.on}</strong> {pick(event.event)}{" "}
              <span className="help">
                {event.user} · {moment(event.recorded_ms)}
              </span>
              <ul>
                {say(event).map((field, i) => (
                  <li key={i}>
                    <span className="help">{field.label}</span>{" "}
                    {field.key === "file" && event.file_bytes > 0 ? (
                      <KeptFile
                        path={`/api/cases/${file.case}/attachments/${event.version}`}
                        name={field.value}
                        bytes={event.file_bytes}
                      />
                    ) : (
                      field.value || "–"
                    )}
                  </li>
                ))}
              </ul>
            </li>
          ))}
      </ol>
    </Section>
  );
}

function Kept({ file }: { file: CaseFile }) {
  const { t, pick } = useWords();
  const filled = file.kept.filter((row) => row.value !== "");
  return (
    <Section title={t("case.kept")}>
      {filled.length === 0 && <Empty>{t("case.nothing_kept")}</Empty>}
      <dl className="facts">
        {filled.map((row) => (
          <div key={row.field.key}>
            <dt>{pick(row.field)}</dt>
            <dd>{row.value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

const ACTIONS: Record<string, CaseAction[]> = {
  suspected: ["contact", "step", "confirmed", "closed", "attached", "transferred", "set"],
  confirmed: ["contact", "step", "returned", "closed", "attached", "transferred", "set"],
  returned: ["contact", "step", "closed", "attached", "transferred", "set"],
  closed: ["reopened", "attached"],
};

export default function CasePage({ params }: PageProps) {
  const { t, pick } = useWords();
  const { may } = useSession();
  const answer = useApi<CaseFile>(`/api/cases/${encodeURIComponent(params.case)}`);
  const texts = useApi<Procedures>("/api/procedures").data;
  const [action, setAction] = useState<CaseAction>();
  const [papers, setPapers] = useState(false);
  const status = (file: CaseFile) => t(CASE_STATUSES.find((row) => row.key === file.status)?.word ?? "case.open");
  return (
    <RecordPage
      answer={answer}
      opening={t("case.number", { n: params.case })}
      title={(file) => file.name || t("person.unnamed")}
      lead={(file) => `${t("case.number", { n: file.case })} · ${pick(file.procedure)}`}
      actions={(file) => (
        <>
          {may("work") &&
            texts &&
            (ACTIONS[file.status] ?? []).map((key) => (
              <Button key={key} type={key === "contact" ? "primary" : "default"} onClick={() => setAction(key)}>
                {t(ACTION_WORDS[key])}
              </Button>
            ))}
          {may("work") && file.person > 0 && <Button onClick={() => setPapers(true)}>{t("case.do_paper")}</Button>}
          <Button onClick={() => window.print()}>{t("common.print")}</Button>
        </>
      )}
      facts={(file) => [
        {
          label: t("finding.status"),
          value: (
            <>
              <Mark>{status(file)}</Mark> {file.state && pick(file.state)}
            </>
          ),
        },
        { label: t("person.birth_date"), value: file.birth_date },
        { label: t("person.id_number"), value: <span className="mono">{file.id_number}</span> },
        { label: t("person.area"), value: file.area_name },
        { label: t("finding.school"), value: file.school },
        { label: t("case.opened"), value: file.opened },
        { label: t("case.outcome"), value: file.outcome ? pick(file.outcome) : "" },
        {
          label: t("case.person"),
          value: file.person > 0 ? <Link to={`/persons/${file.person}`}>{t("case.evidence_of")}</Link> : "",
        },
      ]}
    >
      {(file) => (
        <>
          {file.unfound && <Alert type="warning" showIcon message={t("case.unfound")} />}
          <Steps file={file} />
          <Duties file={file} />
          <Kept file={file} />
          <Timeline file={file} texts={texts} />
          {papers && <CasePapers file={file} close={() => setPapers(false)} />}
          {action && texts && (
            <CaseForm file={file} texts={texts} action={action} close={() => setAction(undefined)} />
          )}
        </>
      )}
    </RecordPage>
  );
}
