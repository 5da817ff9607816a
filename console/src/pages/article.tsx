// An article before it is published: pasted, repaired, and each of its numbers held against the records.
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useState } from "react";
import type { ArticleCheck, ArticleClaim, ArticleVerdict } from "../api/types";
import { call } from "../api/client";
import { useAction } from "../api/use_api";
import { EveryoneText, number } from "../components/figures";
import { Mark } from "../components/mark";
import { Page, Section } from "../components/page";
import { ActionError, Empty } from "../components/states";
import { count } from "../frame/format";
import { Link } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

const VERDICTS: Record<ArticleVerdict, { word: WordKey; colour: "green" | "red" | "gold" | "grey" }> = {
  agrees: { word: "article.agrees", colour: "green" },
  differs: { word: "article.differs", colour: "red" },
  incomplete: { word: "article.incomplete", colour: "gold" },
  not_tracked: { word: "article.not_tracked", colour: "grey" },
};

const REPAIRS: Record<string, WordKey> = {
  encoding: "article.repair_encoding",
  html: "article.repair_html",
  entity: "article.repair_entity",
  mojibake: "article.repair_mojibake",
  lost: "article.repair_lost",
  invisible: "article.repair_invisible",
  pinyin: "article.repair_pinyin",
  traditional: "article.repair_traditional",
  width: "article.repair_width",
  blank: "article.repair_blank",
  line_break: "article.repair_line_break",
  spam: "article.repair_spam",
  navigation: "article.repair_navigation",
  imprint: "article.repair_imprint",
  repeated: "article.repair_repeated",
};

function Claim({ claim }: { claim: ArticleClaim }) {
  const { t } = useWords();
  const verdict = VERDICTS[claim.verdict];
  return (
    <tr>
      <td>
        <Mark colour={verdict.colour}>{t(verdict.word)}</Mark>
      </td>
      <th scope="row">
        {claim.text}
        <details>
          <summary>{t("article.claim")}</summary>
          {claim.sentence}
        </details>
      </th>
      <td className="number">
        {number(claim.value)}
        {claim.value_high !== undefined && `–${number(claim.value_high)}`}
      </td>
      <td className="number">{claim.ours === null ? "–" : number(claim.ours)}</td>
      <td>{claim.figure && <Link to={`/figures/${claim.figure}`}>{claim.figure}</Link>}</td>
      <td>
        {claim.corrected && t("article.corrected", { text: claim.corrected })}
        {claim.verdict === "incomplete" && <EveryoneText everyone={claim.coverage} />}
        {claim.goal && t("article.goal")}
      </td>
    </tr>
  );
}

function Claims({ claims }: { claims: ArticleClaim[] }) {
  const { t } = useWords();
  if (claims.length === 0) return <Empty>{t("article.no_claims")}</Empty>;
  return (
    <div className="scroll">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("article.verdict")}</th>
            <th scope="col">{t("article.claim")}</th>
            <th scope="col" className="number">
              {t("article.stated")}
            </th>
            <th scope="col" className="number">
              {t("article.ours")}
            </th>
            <th scope="col">{t("article.figure")}</th>
            <th scope="col">{t("article.note")}</th>
          </tr>
        </thead>
        <tbody>
          {claims.map((claim, i) => (
            <Claim key={i} claim={claim} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Sums({ check }: { check: ArticleCheck }) {
  const { t } = useWords();
  if (check.sums.length === 0) return null;
  return (
    <Section title={t("article.sums")}>
      <ul>
        {check.sums.map((sum, i) => (
          <li key={i}>
            {t(sum.holds ? "article.sum_holds" : "article.sum_wrong", {
              total: number(sum.total),
              parts: sum.parts.map(number).join(" + "),
              added: number(sum.added),
            })}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Repairs({ check }: { check: ArticleCheck }) {
  const { t } = useWords();
  if (check.repairs.length === 0) return null;
  return (
    <details className="card">
      <summary>{t("article.repairs")}</summary>
      <ul>
        {check.repairs.map((repair) => (
          <li key={repair.kind}>
            {REPAIRS[repair.kind] ? t(REPAIRS[repair.kind]) : repair.kind}{" "}
            {t("article.repair_count", { n: count(repair.count) })}
            {repair.places.length > 0 && (
              <span className="help">
                {" "}
                {t("article.line", { line: repair.places[0].line })} {repair.places[0].before}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Result({ check }: { check: ArticleCheck }) {
  const { t } = useWords();
  const of = (verdict: ArticleVerdict) => check.claims.filter((claim) => claim.verdict === verdict).length;
  return (
    <Section title={check.title || t("article.title")}>
      <p role="status">
        {t("article.summary", {
          n: check.claims.length,
          agrees: of("agrees"),
          differs: of("differs"),
          incomplete: of("incomplete"),
          not_tracked: of("not_tracked"),
        })}
      </p>
      <Claims claims={check.claims} />
      <Sums check={check} />
      <Repairs check={check} />
    </Section>
  );
}

export default function ArticlePage() {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [check, setCheck] = useState<ArticleCheck>();
  const run = useAction(async () => {
    setCheck(undefined);
    setCheck(await call<ArticleCheck>("POST", "/api/figures/check", { text }));
  });
  return (
    <Page title={t("article.title")} lead={t("article.lead")}>
      <Input.TextArea
        aria-label={t("article.text")}
        placeholder={t("article.text")}
        value={text}
        rows={10}
        onChange={(event) => setText(event.target.value)}
      />
      <p>
        <Button type="primary" disabled={text.trim() === ""} loading={run.busy} onClick={() => void run.run()}>
          {t("article.run")}
        </Button>
      </p>
      <ActionError error={run.error} />
      {check && <Result check={check} />}
    </Page>
  );
}
