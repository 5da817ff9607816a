// What may be written into a case: one dialog for each kind of entry. Contacts and steps only add; where somebody
// changed the same meanwhile, both sides are shown and nothing is written over.
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { useState } from "react";
import { call } from "../api/client";
import type { CaseFile, Procedures } from "../api/types";
import { changed, useAction } from "../api/use_api";
import { useWords, type WordKey } from "../words/words";
import { ChosenFiles } from "./case_files";
import { clashOf, Conflict } from "./conflict";
import { Dialog } from "./dialog";
import { AreaPicker } from "./place_pickers";
import { ActionError } from "./states";

export type CaseAction = "contact" | "step" | "attached" | "confirmed" | "returned" | "closed" | "reopened" | "transferred" | "set";

/** What each entry asks for, in this order. */
const ASKED: Record<CaseAction, string[]> = {
  contact: ["on", "way", "who", "said", "result"],
  step: ["on", "step", "said"],
  attached: ["on", "said"],
  confirmed: ["on", "outcome", "why"],
  returned: ["on", "outcome", "evidence"],
  closed: ["on", "outcome", "evidence"],
  reopened: ["on", "why"],
  transferred: ["on", "to", "why"],
  set: [],
};

export const ACTION_WORDS: Record<CaseAction, WordKey> = {
  contact: "case.do_contact",
  step: "case.do_step",
  attached: "case.do_attach",
  confirmed: "case.do_confirm",
  returned: "case.do_return",
  closed: "case.do_close",
  reopened: "case.do_reopen",
  transferred: "case.do_transfer",
  set: "case.do_set",
};

const LABELS: Record<string, WordKey> = {
  on: "case.on",
  way: "case.way",
  who: "case.who",
  said: "case.said",
  result: "case.result",
  step: "case.step",
  outcome: "case.outcome",
  evidence: "case.evidence",
  why: "history.reason",
  to: "case.to",
};

/** Entries that can have files. */
const WITH_FILES: CaseAction[] = ["contact", "step", "attached", "confirmed", "returned", "closed"];

const LONG = ["said", "evidence", "why"];

function useChoices(file: CaseFile, texts: Procedures, action: CaseAction) {
  const { pick } = useWords();
  const procedure = texts.procedures.find((row) => row.key === file.procedure.key);
  const outcomes = (procedure?.outcomes ?? []).filter((row) => row.closes === (action !== "confirmed"));
  const options = (list: { key: string; zh: string; en: string }[], codes = false) =>
    list.map((row) => ({ value: row.key, label: codes ? `${row.key} ${pick(row)}` : pick(row) }));
  return {
    way: options(texts.ways),
    result: options(texts.results),
    step: options(procedure?.steps ?? []),
    outcome: options(outcomes, true),
    wanted: (code: string) => {
      const found = outcomes.find((row) => row.key === code);
      return found ? pick({ zh: found.evidence_zh, en: found.evidence_en }) : "";
    },
  } as const;
}

function formOf(body: object, files: File[]): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(body)) {
    if (value !== undefined && value !== "") form.append(key, String(value));
  }
  for (const file of files) form.append("file", file, file.name);
  return form;
}

interface FormProps {
  file: CaseFile;
  texts: Procedures;
  action: CaseAction;
  close: () => void;
}

function Kept({ file, draft, put }: { file: CaseFile; draft: Record<string, string>; put: (k: string, v: string) => void }) {
  const { pick } = useWords();
  return (
    <>
      {file.kept.map(({ field, value }) => (
        <div key={field.key}>
          <label className="field-label" htmlFor={`case-${field.key}`}>
            {pick(field)}
          </label>
          <Input
            id={`case-${field.key}`}
            value={draft[field.key] ?? value}
            onChange={(event) => put(field.key, event.target.value)}
          />
        </div>
      ))}
    </>
  );
}

export function CaseForm({ file, texts, action, close }: FormProps) {
  const { t, pick } = useWords();
  const choices = useChoices(file, texts, action);
  const [draft, setDraft] = useState<Record<string, string>>({ on: file.at });
  const [area, setArea] = useState<{ code: string; name: string }[]>([]);
  const [files, setFiles] = useState<File[]>([]);
  const put = (key: string, value: string) => setDraft((now) => ({ ...now, [key]: value }));
  const write = useAction(async (seen: number, only?: (key: string) => boolean) => {
    const kept = Object.keys(draft).filter((key) => key !== "on" && (!only || only(key)));
    const body =
      action === "set"
        ? { action, seen, set: kept.map((field) => ({ field, value: draft[field] })) }
        : { action, seen, ...draft, ...(action === "transferred" ? { to: area[0]?.code } : {}) };
    if (files.length > 0) {
      await call("POST", `/api/cases/${file.case}/attachments`, formOf(body, files));
    } else {
      await call("POST", `/api/cases/${file.case}/events`, body);
    }
    changed();
    close();
  });
  const clash = clashOf<Record<string, string>>(write.error);
  const name = (key: string) => {
    const field = file.kept.find((row) => row.field.key === key)?.field;
    return field ? pick(field) : t("finding.status");
  };
  const field = (key: string) => {
    const id = `case-${key}`;
    const list = choices[key as "way" | "result" | "step" | "outcome"] as { value: string; label: string }[] | undefined;
    return (
      <div key={key}>
        <label className="field-label" htmlFor={id}>
          {t(LABELS[key])}
        </label>
        {list && (
          <Select id={id} style={{ width: "100%" }} value={draft[key]} options={list} onChange={(v) => put(key, v)} />
        )}
        {key === "on" && (
          <Input id={id} type="date" value={draft.on} onChange={(event) => put(key, event.target.value)} />
        )}
        {key === "to" && <AreaPicker id={id} value={area} onChange={(next) => setArea(next.slice(-1))} />}
        {!list && key !== "on" && key !== "to" && (
          <Input.TextArea
            id={id}
            rows={LONG.includes(key) ? 3 : 1}
            value={draft[key] ?? ""}
            onChange={(event) => put(key, event.target.value)}
          />
        )}
        {key === "outcome" && <p className="help">{choices.wanted(draft.outcome ?? "")}</p>}
      </div>
    );
  };
  return (
    <Dialog
      title={t(ACTION_WORDS[action])}
      onCancel={close}
      footer={[
        <Button key="cancel" onClick={close}>
          {t("common.cancel")}
        </Button>,
        <Button
          key="ok"
          type="primary"
          loading={write.busy}
          disabled={action === "attached" && files.length === 0}
          onClick={() => void write.run(file.version)}
        >
          {t("case.write")}
        </Button>,
      ]}
    >
      {ASKED[action].map(field)}
      {WITH_FILES.includes(action) && <ChosenFiles files={files} put={setFiles} />}
      {action === "set" && <Kept file={file} draft={draft} put={put} />}
      {clash ? (
        <Conflict
          by={clash.theirs.by}
          at_ms={clash.theirs.at_ms}
          together={action !== "set"}
          busy={write.busy}
          fields={Object.keys(clash.yours).map((key) => ({
            key,
            label: name(key),
            theirs: clash.theirs[key] || "–",
            yours: clash.yours[key] || "–",
          }))}
          keepTheirs={() => {
            changed();
            close();
          }}
          write={(mine) => void write.run(clash.theirs.version, mine)}
        />
      ) : (
        <ActionError error={write.error} />
      )}
    </Dialog>
  );
}
