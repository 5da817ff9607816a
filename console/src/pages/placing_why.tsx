// Why not me: choice by choice, what would have changed it, a letter, and whether a family's input was in the run.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { useState } from "react";
import type { PlacingExplanation, PlacingReason, PlacingRun } from "../api/placing";
import type { Rows } from "../api/types";
import { call, download } from "../api/client";
import { useAction, useApi } from "../api/use_api";
import { Mark } from "../components/mark";
import { Facts, Page, Section } from "../components/page";
import { PlacingNav } from "../components/placing_nav";
import { ActionError, Empty, Ready } from "../components/states";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useWords } from "../words/words";

function Reason({ reason }: { reason: PlacingReason }) {
  const { t, pick } = useWords();
  const number = (n: number | null) => (n === null ? "–" : count(n));
  return (
    <Section title={pick(reason.text)}>
      <Facts
        items={[
          { label: t("why.seats"), value: count(reason.seats) },
          { label: t("why.capacity"), value: count(reason.capacity) },
          { label: t("why.files"), value: count(reason.files) },
          { label: t("why.ahead"), value: count(reason.ahead) },
          { label: t("why.line"), value: number(reason.line) },
          { label: t("why.lowest_sent"), value: number(reason.lowest_sent) },
          { label: t("why.lowest_admitted"), value: number(reason.lowest_admitted) },
        ]}
      />
      {reason.allotted && <p>{pick(reason.allotted)}</p>}
      {reason.number_decided && <p>{t("why.number_decided")}</p>}
      {reason.remedies.length > 0 && (
        <ul>
          {reason.remedies.map((remedy) => (
            <li key={remedy.key}>{t("why.remedy", { what: pick(remedy) })}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Letters({ run, applicant }: { run: number; applicant: string }) {
  const { t } = useWords();
  const letter = useAction((lang: string, format: string) =>
    download(`/api/placing/runs/${run}/letter`, { applicant, lang, format }, `letter.${format}`),
  );
  return (
    <p className="page-actions">
      <Button loading={letter.busy} onClick={() => void letter.run("zh", "pdf")}>
        {t("why.letter_zh")}
      </Button>{" "}
      <Button loading={letter.busy} onClick={() => void letter.run("en", "pdf")}>
        {t("why.letter_en")}
      </Button>{" "}
      <Button loading={letter.busy} onClick={() => void letter.run("zh", "docx")}>
        {t("why.letter_docx")}
      </Button>
      <ActionError error={letter.error} />
    </p>
  );
}

function Explanation({ run, found }: { run: number; found: PlacingExplanation }) {
  const { t } = useWords();
  return (
    <>
      {found.differs && <Alert type="warning" showIcon message={t("why.differs")} />}
      <Facts
        items={[
          { label: t("why.applicant"), value: <span className="mono">{found.applicant}</span> },
          { label: t("why.total"), value: count(found.total) },
          { label: t("why.rank"), value: count(found.rank) },
          { label: t("why.equal"), value: count(found.equal) },
          {
            label: t("why.verdict"),
            value: (
              <Mark colour={found.placed ? "green" : "red"}>{t(found.placed ? "why.placed" : "why.not_placed")}</Mark>
            ),
          },
          { label: t("why.receipt"), value: <span className="mono receipt">{found.receipt}</span> },
        ]}
      />
      <Letters run={run} applicant={found.applicant} />
      {found.choices.map((reason) => (
        <Reason key={reason.text.zh} reason={reason} />
      ))}
    </>
  );
}

function Receipt({ run }: { run: number }) {
  const { t } = useWords();
  const [receipt, setReceipt] = useState("");
  const [found, setFound] = useState<boolean>();
  const look = useAction(async () => {
    const answer = await call<{ found: boolean }>("POST", `/api/placing/runs/${run}/receipt`, {
      receipt: receipt.trim(),
    });
    setFound(answer.found);
  });
  return (
    <Section title={t("why.receipt_title")}>
      <p className="help">{t("why.receipt_help")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void look.run();
        }}
      >
        <label className="field-label" htmlFor="receipt">
          {t("why.receipt")}
        </label>
        <Input
          id="receipt"
          style={{ width: 560 }}
          maxLength={64}
          value={receipt}
          onChange={(event) => {
            setReceipt(event.target.value);
            setFound(undefined);
          }}
        />{" "}
        <Button htmlType="submit" loading={look.busy} disabled={receipt.trim() === ""}>
          {t("why.receipt_look")}
        </Button>
      </form>
      {found !== undefined && (
        <Alert
          role="status"
          type={found ? "success" : "warning"}
          showIcon
          message={t(found ? "why.receipt_found" : "why.receipt_missing")}
        />
      )}
      <ActionError error={look.error} />
    </Section>
  );
}

function Ask({ runs }: { runs: PlacingRun[] }) {
  const { t } = useWords();
  const [query, set] = useFilters();
  const [applicant, setApplicant] = useState("");
  const [found, setFound] = useState<PlacingExplanation>();
  const run = runs.find((row) => String(row.run) === query.run) ?? runs[0];
  const ask = useAction(async () => {
    setFound(undefined);
    const body = { applicant: applicant.trim() };
    setFound(await call<PlacingExplanation>("POST", `/api/placing/runs/${run.run}/explain`, body));
  });
  return (
    <>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void ask.run();
        }}
      >
        <div className="filter">
          <label htmlFor="why-run">{t("why.run")}</label>
          <Select
            id="why-run"
            style={{ width: 320 }}
            value={run.run}
            options={runs.map((row) => ({ value: row.run, label: row.name }))}
            onChange={(number) => {
              setFound(undefined);
              set({ run: String(number) });
            }}
          />
        </div>
        <div className="filter">
          <label htmlFor="why-applicant">{t("why.applicant")}</label>
          <Input
            id="why-applicant"
            style={{ width: 200 }}
            value={applicant}
            autoComplete="off"
            onChange={(event) => setApplicant(event.target.value)}
          />
        </div>
        <Button type="primary" htmlType="submit" loading={ask.busy} disabled={applicant.trim() === ""}>
          {t("why.ask")}
        </Button>
      </form>
      <ActionError error={ask.error} />
      {found && <Explanation run={run.run} found={found} />}
      <Receipt key={run.run} run={run.run} />
    </>
  );
}

export default function PlacingWhyPage() {
  const { t } = useWords();
  const runs = useApi<Rows<PlacingRun>>("/api/placing/runs?page_size=500");
  return (
    <Page title={t("why.title")} lead={t("why.lead")}>
      <PlacingNav />
      <Ready answer={runs}>
        {(data) =>
          data.rows.length === 0 ? (
            <Empty>
              {t("why.no_runs")} <Link to="/placing/runs">{t("placing.runs")}</Link>
            </Empty>
          ) : (
            <Ask runs={data.rows} />
          )
        }
      </Ready>
    </Page>
  );
}
