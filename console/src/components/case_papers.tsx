// The papers of a case: which may be made now, what only the office can say, and the file to print or edit.
import Button from "antd/es/button";
import Checkbox from "antd/es/checkbox";
import Input from "antd/es/input";
import Radio from "antd/es/radio";
import Select from "antd/es/select";
import { useState } from "react";
import { download } from "../api/client";
import type { CaseFile, CasePaper } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { useWords } from "../words/words";
import { Dialog } from "./dialog";
import { ActionError, Ready } from "./states";

interface MakeProps {
  file: CaseFile;
  papers: CasePaper[];
  close: () => void;
}

function Make({ file, papers, close }: MakeProps) {
  const { t, pick } = useWords();
  const first = papers.find((row) => row.not_yet === null);
  const [key, setKey] = useState(first?.paper.key);
  const [issuer, setIssuer] = useState<string>();
  const [given, setGiven] = useState<Record<string, string>>({});
  const [format, setFormat] = useState("pdf");
  const [record, setRecord] = useState(true);
  const chosen = papers.find((row) => row.paper.key === key);
  const issuers = chosen?.issuers ?? [];
  const make = useAction(async () => {
    const asked = chosen?.asks.map((ask) => ask.name.key) ?? [];
    const body = {
      paper: key,
      issuer: issuers.length > 1 ? issuer : undefined,
      given: asked.filter((name) => given[name]).map((field) => ({ field, value: given[field] })),
      format,
      record,
    };
    await download(`/api/cases/${file.case}/papers`, body, `${key}.${format}`);
    changed();
    close();
  });
  return (
    <Dialog
      title={t("case.papers")}
      onCancel={close}
      footer={[
        <Button key="cancel" onClick={close}>
          {t("common.cancel")}
        </Button>,
        <Button key="ok" type="primary" loading={make.busy} disabled={!chosen} onClick={() => void make.run()}>
          {t("case.make_paper")}
        </Button>,
      ]}
    >
      <label className="field-label" htmlFor="paper-key">
        {t("case.paper")}
      </label>
      <Select
        id="paper-key"
        style={{ width: "100%" }}
        value={key}
        onChange={setKey}
        options={papers.map((row) => ({
          value: row.paper.key,
          label: pick(row.paper),
          disabled: row.not_yet !== null,
        }))}
      />
      <ul className="help">
        {papers
          .filter((row) => row.not_yet !== null)
          .map((row) => (
            <li key={row.paper.key}>
              {pick(row.paper)} – {row.not_yet && pick(row.not_yet)}
            </li>
          ))}
      </ul>
      {issuers.length > 1 && (
        <>
          <label className="field-label" htmlFor="paper-issuer">
            {t("case.issuer")}
          </label>
          <Select
            id="paper-issuer"
            style={{ width: "100%" }}
            value={issuer}
            onChange={setIssuer}
            options={issuers.map((row) => ({ value: row.key, label: pick(row) }))}
          />
        </>
      )}
      {chosen?.asks.map((ask) => (
        <div key={ask.name.key}>
          <label className="field-label" htmlFor={`paper-${ask.name.key}`}>
            {pick(ask.name)} {ask.needed ? t("case.needed") : ""}
          </label>
          <Input
            id={`paper-${ask.name.key}`}
            type={ask.is_day ? "date" : "text"}
            value={given[ask.name.key] ?? ""}
            onChange={(event) => setGiven((now) => ({ ...now, [ask.name.key]: event.target.value }))}
          />
        </div>
      ))}
      <p>
        <Radio.Group
          value={format}
          onChange={(event) => setFormat(String(event.target.value))}
          aria-label={t("case.paper_format")}
          options={[
            { value: "pdf", label: t("case.paper_pdf") },
            { value: "docx", label: t("case.paper_docx") },
          ]}
        />
      </p>
      <Checkbox checked={record} onChange={(event) => setRecord(event.target.checked)}>
        {t("case.paper_record")}
      </Checkbox>
      <p className="help">{t("case.paper_masked")}</p>
      <ActionError error={make.error} />
    </Dialog>
  );
}

/** Asks which papers may be made, then for what only the office can say. */
export function CasePapers({ file, close }: { file: CaseFile; close: () => void }) {
  const answer = useApi<{ papers: CasePaper[] }>(`/api/cases/${file.case}/papers`);
  return <Ready answer={answer}>{(data) => <Make file={file} papers={data.papers} close={close} />}</Ready>;
}
