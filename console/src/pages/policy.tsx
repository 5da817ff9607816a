// The policy packs: what each holds, their texts, and what another text would bring before anybody signs it.
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { useMemo, useState } from "react";
import type { PolicyImpact, PolicyPack, PolicyTexts } from "../api/types";
import { call } from "../api/client";
import { useAction, useApi } from "../api/use_api";
import { Page, Section } from "../components/page";
import { ActionError, Empty, Ready } from "../components/states";
import { count, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

const CHANGES: { key: "gains" | "loses" | "more" | "less" | "clears" | "clouds"; word: WordKey }[] = [
  { key: "gains", word: "policy.gains" },
  { key: "loses", word: "policy.loses" },
  { key: "more", word: "policy.more" },
  { key: "less", word: "policy.less" },
  { key: "clears", word: "policy.clears" },
  { key: "clouds", word: "policy.clouds" },
];

function Packs({ packs }: { packs: PolicyPack[] }) {
  const { t, pick } = useWords();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("policy.pack")}</th>
          <th scope="col" className="number">
            {t("policy.schemes")}
          </th>
          <th scope="col" className="number">
            {t("policy.documents")}
          </th>
          <th scope="col" className="number">
            {t("aid.unconfirmed")}
          </th>
          <th scope="col" className="number">
            {t("policy.cases")}
          </th>
        </tr>
      </thead>
      <tbody>
        {packs.map((pack) => (
          <tr key={pack.key}>
            <th scope="row">{pick(pack)}</th>
            <td className="number">{count(pack.schemes)}</td>
            <td className="number">{count(pack.documents)}</td>
            <td className="number">{count(pack.unconfirmed)}</td>
            <td className="number">{count(pack.cases)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ImpactTable({ impact }: { impact: PolicyImpact }) {
  const { t, pick } = useWords();
  const rows = impact.schemes.filter((row) => row.before_fen !== row.after_fen || CHANGES.some((c) => row[c.key] > 0));
  if (rows.length === 0) return <Empty>{t("policy.no_change")}</Empty>;
  return (
    <div className="scroll">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("aid.scheme")}</th>
            {CHANGES.map((change) => (
              <th scope="col" className="number" key={change.key}>
                {t(change.word)}
              </th>
            ))}
            <th scope="col" className="number">
              {t("policy.before")}
            </th>
            <th scope="col" className="number">
              {t("policy.after")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{pick(row)}</th>
              {CHANGES.map((change) => (
                <td className="number" key={change.key}>
                  {count(row[change.key])}
                </td>
              ))}
              <td className="number">{yuan(row.before_fen)}</td>
              <td className="number">{yuan(row.after_fen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function People({ impact }: { impact: PolicyImpact }) {
  const { t, pick } = useWords();
  const word = (key: string) => CHANGES.find((change) => change.key === key)?.word ?? "policy.more";
  const scheme = (key: string) => {
    const found = impact.schemes.find((row) => row.key === key);
    return found ? pick(found) : key;
  };
  return (
    <details className="card">
      <summary>{t("policy.people", { n: count(impact.changed), shown: count(impact.rows.length) })}</summary>
      <table className="plain">
        <tbody>
          {impact.rows.map((row, i) => (
            <tr key={i}>
              <th scope="row">
                <Link to={`/persons/${row.person}`}>{row.person}</Link>
              </th>
              <td>{scheme(row.scheme)}</td>
              <td>{t(word(row.change))}</td>
              <td className="number">{yuan(row.before_fen)}</td>
              <td className="number">{yuan(row.after_fen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Result({ impact }: { impact: PolicyImpact }) {
  const { t, pick } = useWords();
  if (impact.faults.length > 0)
    return (
      <ul className="error-state" role="alert">
        {impact.faults.map((fault, i) => (
          <li key={i}>
            {t("policy.fault", { line: fault.line, column: fault.column })} {pick(fault)}
          </li>
        ))}
      </ul>
    );
  return (
    <>
      <ImpactTable impact={impact} />
      {impact.changed > 0 && <People impact={impact} />}
    </>
  );
}

/** A text of the rules, changed here and nowhere else: the answer says what it would bring. */
function Preview({ texts }: { texts: PolicyTexts["texts"] }) {
  const { t } = useWords();
  const [name, setName] = useState(texts[0].name);
  const kept = useMemo(() => texts.find((text) => text.name === name)?.text ?? "", [texts, name]);
  const [edited, setEdited] = useState<string>();
  const [impact, setImpact] = useState<PolicyImpact>();
  const text = edited ?? kept;
  const preview = useAction(async () => {
    setImpact(await call<PolicyImpact>("POST", "/api/policy/impact", { name, text }));
  });
  const choose = (value: string) => {
    setName(value);
    setEdited(undefined);
    setImpact(undefined);
  };
  return (
    <Section title={t("policy.preview")}>
      <p className="help">{t("policy.preview_lead")}</p>
      <div className="filter">
        <label htmlFor="policy-text-name">{t("policy.text_name")}</label>
        <Select
          id="policy-text-name"
          style={{ width: 420 }}
          value={name}
          onChange={choose}
          options={texts.map((row) => ({ value: row.name, label: row.name }))}
        />
      </div>
      <Input.TextArea
        aria-label={t("policy.text")}
        className="rule"
        value={text}
        rows={18}
        spellCheck={false}
        onChange={(event) => setEdited(event.target.value)}
      />
      <p>
        <Button type="primary" loading={preview.busy} onClick={() => void preview.run()}>
          {t("policy.try")}
        </Button>{" "}
        <Button disabled={edited === undefined} onClick={() => setEdited(undefined)}>
          {t("policy.reset")}
        </Button>
      </p>
      <ActionError error={preview.error} />
      {impact && <Result impact={impact} />}
    </Section>
  );
}

export default function PolicyPage() {
  const { t } = useWords();
  const answer = useApi<PolicyTexts>("/api/policy");
  return (
    <Page title={t("policy.title")} lead={t("policy.lead")}>
      <Ready answer={answer}>
        {(policy) => (
          <>
            <Packs packs={policy.packs} />
            <p>
              <Link to="/aid">{t("policy.to_schemes")}</Link>
            </p>
            {policy.texts.length > 0 && <Preview texts={policy.texts} />}
          </>
        )}
      </Ready>
    </Page>
  );
}
