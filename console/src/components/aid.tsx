// Why aid is due or not: the tree of sentences as the program decided, each with the document it rests on.
import Button from "antd/es/button";
import { useState } from "react";
import type { Explained, PersonAid, ReasonNode, Verdict } from "../api/types";
import { download } from "../api/client";
import { useAction, useApi } from "../api/use_api";
import { periodName, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useWords, type WordKey } from "../words/words";
import { Mark, type Colour } from "./mark";
import { Section } from "./page";
import { ActionError, Empty, Ready } from "./states";

const VERDICTS: Record<Verdict, { word: WordKey; colour: Colour; sign: string; truth: WordKey }> = {
  yes: { word: "aid.yes", colour: "green", sign: "√", truth: "why.holds" },
  no: { word: "aid.no", colour: "grey", sign: "×", truth: "why.not" },
  unknown: { word: "aid.unknown", colour: "gold", sign: "?", truth: "aid.unknown" },
};

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  const { t } = useWords();
  return <Mark colour={VERDICTS[verdict].colour}>{t(VERDICTS[verdict].word)}</Mark>;
}

function Cites({ node, explained }: { node: ReasonNode; explained: Explained }) {
  const { t } = useWords();
  const number = (key: string) => explained.documents.find((document) => document.key === key)?.number ?? key;
  return (
    <>
      {node.cites.length > 0 && (
        <span className="help">
          {" "}
          {node.cites.map((cite) => `${number(cite.document)} ${cite.article}`.trim()).join(t("list.separator"))}
        </span>
      )}
      {node.unconfirmed && <Mark colour="gold">{t("aid.unconfirmed")}</Mark>}
    </>
  );
}

/** The rows that state a fact: register, what it says, file, row and day. */
function Sources({ node }: { node: ReasonNode }) {
  const { t, pick } = useWords();
  if (!node.sources || node.sources.length === 0) return null;
  return (
    <ul className="said-by">
      {node.sources.map((source, i) => (
        <li key={i}>
          {pick(source)}
          {source.since !== "" && t("why.since", { day: source.since })}
        </li>
      ))}
    </ul>
  );
}

function Node({ node, explained }: { node: ReasonNode; explained: Explained }) {
  const { t, pick } = useWords();
  const { sign, truth } = VERDICTS[node.truth];
  return (
    <li className={node.decisive ? "decisive" : undefined}>
      <span role="img" aria-label={t(truth)} className={`sign sign-${node.truth}`}>
        {sign}
      </span>{" "}
      {pick(node)}
      <Cites node={node} explained={explained} />
      <Sources node={node} />
      {node.parts.length > 0 && (
        <ul className="reasons">
          {node.parts.map((part, i) => (
            <Node key={i} node={part} explained={explained} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function Why({ explained }: { explained: Explained }) {
  const { t, pick } = useWords();
  return (
    <>
      <ul className="reasons">
        {explained.reasons.parts.map((part, i) => (
          <Node key={i} node={part} explained={explained} />
        ))}
      </ul>
      {explained.needs.length > 0 && (
        <p>
          {t("aid.needs")}
          {explained.needs
            .map((need) => {
              const holder = pick({ zh: need.holder_zh, en: need.holder_en });
              return pick(need) + (holder && t("aid.held_by", { holder }));
            })
            .join(t("list.comma"))}
        </p>
      )}
      {explained.ways.length > 0 && (
        <>
          <p>{t("aid.ways")}</p>
          <ul>
            {explained.ways.map((way, i) => (
              <li key={i}>{pick(way)}</li>
            ))}
          </ul>
        </>
      )}
      <p className="help">
        {t("aid.documents")}
        {explained.documents
          .map((document) =>
            t("aid.document", {
              number: document.number,
              title: pick({ zh: document.title_zh, en: document.title_en }),
            }),
          )
          .join(t("list.separator"))}
      </p>
    </>
  );
}

function SchemeCard({ person, explained }: { person: string; explained: Explained }) {
  const { t, pick } = useWords();
  const [shown, setShown] = useState(false);
  const letter = useAction(() =>
    download(`/api/persons/${person}/aid/${encodeURIComponent(explained.scheme)}/letter`, {}, "letter.pdf"),
  );
  return (
    <details className="card" onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        <strong>{pick({ zh: explained.scheme_zh, en: explained.scheme_en })}</strong>{" "}
        <VerdictMark verdict={explained.verdict} />{" "}
        {explained.amount_fen !== null && t("aid.amount", { yuan: yuan(explained.amount_fen) })}
        <span className="help"> {periodName(explained.period, t)}</span>
        {explained.unconfirmed && <Mark colour="gold">{t("aid.unconfirmed")}</Mark>}
      </summary>
      {shown && (
        <>
          <Why explained={explained} />
          <p>
            <Button size="small" loading={letter.busy} onClick={() => void letter.run()}>
              {t("aid.letter")}
            </Button>{" "}
            <Link to={`/aid/${encodeURIComponent(explained.scheme)}`}>{t("aid.rule")}</Link>
          </p>
          <ActionError error={letter.error} />
        </>
      )}
    </details>
  );
}

function Payments({ aid }: { aid: PersonAid }) {
  const { t, pick } = useWords();
  const name = (key: string) => {
    const found = aid.schemes.find((row) => row.scheme === key);
    return found ? pick({ zh: found.scheme_zh, en: found.scheme_en }) : key;
  };
  if (aid.payments.length === 0) return <p className="help">{t("aid.no_payments")}</p>;
  return (
    <table className="plain">
      <caption className="help">{t("aid.payments")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("aid.scheme")}</th>
          <th scope="col">{t("aid.period")}</th>
          <th scope="col" className="number">
            {t("aid.yuan")}
          </th>
          <th scope="col">{t("aid.paid_on")}</th>
        </tr>
      </thead>
      <tbody>
        {aid.payments.map((payment, i) => (
          <tr key={i}>
            <th scope="row">{payment.schemes.map(name).join(t("list.comma"))}</th>
            <td>{periodName(payment.period, t)}</td>
            <td className="number">{payment.fen === null ? "–" : yuan(payment.fen)}</td>
            <td>{payment.paid_on ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All schemes that can concern a child: what is due first, then what is not known, then what is not due. */
export function PersonAidSection({ person }: { person: string }) {
  const { t } = useWords();
  const answer = useApi<PersonAid>(`/api/persons/${person}/aid`);
  const order: Verdict[] = ["yes", "unknown", "no"];
  return (
    <Section title={t("aid.of_person")}>
      <Ready answer={answer}>
        {(aid) =>
          aid.student ? (
            <>
              {order.map((verdict) =>
                aid.schemes
                  .filter((row) => row.verdict === verdict)
                  .map((row) => <SchemeCard key={row.scheme} person={person} explained={row} />),
              )}
              <Payments aid={aid} />
            </>
          ) : (
            <Empty>{t("aid.no_student")}</Empty>
          )
        }
      </Ready>
    </Section>
  );
}
