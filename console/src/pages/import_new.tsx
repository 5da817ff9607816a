// Importing: files are dropped, read as the import itself would read them, looked over column by column, corrected in
// place, imported, and taken back if need be. The upload stands in the URL, so a reload or a broken line loses nothing.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Checkbox from "antd/es/checkbox";
import Input from "antd/es/input";
import { useEffect, useRef, useState, type DragEvent } from "react";
import { call } from "../api/client";
import type { Upload } from "../api/types";
import { changed as dataChanged, useAction, useApi } from "../api/use_api";
import { useTask } from "../api/use_task";
import { Page, Section } from "../components/page";
import { ActionError, Ready } from "../components/states";
import { TaskProgress } from "../components/task_progress";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useWords } from "../words/words";
import { FileView } from "./import_file";
import { ImportResult, type Imported } from "./import_result";

const ACCEPTED = ".xlsx,.xls,.csv,.txt,.tsv,.html,.htm";

function Drop({ started }: { started: (upload: string, task: string) => void }) {
  const { t } = useWords();
  const [at, setAt] = useState("");
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const send = useAction(async (files: File[]) => {
    const form = new FormData();
    if (at !== "") form.append("at", at);
    for (const file of files) form.append("file", file, file.name);
    const made = await call<{ upload: string | number; task: string | number }>("POST", "/api/uploads", form);
    started(String(made.upload), String(made.task));
  });
  const take = (list: FileList | null) => {
    const files = Array.from(list ?? []);
    if (files.length > 0) void send.run(files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <>
      <label className="field-label" htmlFor="at">
        {t("import.at")}
      </label>
      <Input id="at" type="date" style={{ width: 170 }} value={at} onChange={(event) => setAt(event.target.value)} />
      <p className="help">{t("import.at_help")}</p>
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p className="drop-title">{t("import.drop")}</p>
        <p className="help">{t("import.drop_help")}</p>
        <Button type="primary" size="large" loading={send.busy} onClick={() => input.current?.click()}>
          {t("import.choose")}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          accept={ACCEPTED}
          className="hidden"
          aria-label={t("import.choose")}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      <ActionError error={send.error} />
    </>
  );
}

function Steps({ now }: { now: number }) {
  const { t } = useWords();
  const names = [t("import.step_drop"), t("import.step_look"), t("import.step_done")];
  return (
    <ol className="steps">
      {names.map((name, i) => (
        <li key={name} aria-current={i === now ? "step" : undefined} className={i < now ? "past" : undefined}>
          {name}
        </li>
      ))}
    </ol>
  );
}

interface LookProps {
  upload: Upload;
  busy: boolean;
  changed: (task: string | null) => void;
  importing: (task: string) => void;
  thrownAway: () => void;
}

function Look({ upload, busy, changed, importing, thrownAway }: LookProps) {
  const { t } = useWords();
  const [complete, setComplete] = useState(false);
  const usable = upload.files.filter((file) => file.error === null && file.register !== null);
  const ends = usable.reduce((sum, file) => sum + file.would_end, 0);
  const rows = usable.reduce((sum, file) => sum + file.accepted + file.warned, 0);
  const load = useAction(async () => {
    const path = `/api/uploads/${upload.upload}/import`;
    importing(String((await call<{ task: string | number }>("POST", path, { complete, yes: true })).task));
  });
  const discard = useAction(async () => {
    await call("DELETE", `/api/uploads/${upload.upload}`);
    thrownAway();
  });
  return (
    <>
      {upload.files.map((file) => (
        <FileView key={file.file} upload={upload.upload} file={file} changed={changed} />
      ))}
      <Section title={t("import.confirm_title")}>
        <p>{t("import.will", { files: usable.length, rows: count(rows) })}</p>
        <Checkbox checked={complete} onChange={(event) => setComplete(event.target.checked)}>
          {t("import.complete")}
        </Checkbox>
        <p className="help">{t("import.complete_help")}</p>
        {complete && <Alert type="warning" showIcon message={t("import.would_end", { n: count(ends) })} />}
        <div className="buttons">
          <Button
            type="primary"
            size="large"
            disabled={usable.length === 0 || busy}
            loading={load.busy}
            onClick={() => void load.run()}
          >
            {t("import.confirm")}
          </Button>
          <Button size="large" loading={discard.busy} onClick={() => void discard.run()}>
            {t("import.discard")}
          </Button>
        </div>
        <ActionError error={load.error ?? discard.error} />
      </Section>
    </>
  );
}

export default function ImportNewPage() {
  const { t } = useWords();
  const [query, set] = useFilters();
  const upload = query.upload ?? null;
  const taskId = query.task ?? null;
  const running = useTask<unknown>(taskId);
  const isImport = query.step === "import";
  const over = running.task?.state === "done";
  const answer = useApi<Upload>(
    upload !== null && !isImport && (taskId === null || over) ? `/api/uploads/${upload}` : null,
  );
  const seen = useRef<Upload>();
  if (answer.data) seen.current = answer.data;
  if (upload === null) seen.current = undefined;
  const imported = isImport && over ? (running.task?.result as Imported) : undefined;
  useEffect(() => {
    if (imported) dataChanged();
  }, [imported !== undefined]);
  const shown = isImport ? undefined : seen.current;
  return (
    <Page title={t("import.title")} lead={t("import.lead")} actions={<Link to="/imports">{t("imports.title")}</Link>}>
      <Steps now={imported ? 2 : upload === null ? 0 : 1} />
      {upload === null && <Drop started={(id, task) => set({ upload: id, task, step: "" })} />}
      {taskId !== null && !over && <TaskProgress task={running.task} error={running.error} />}
      {(running.error || running.task?.state === "failed") && (
        <Button onClick={() => set({ upload: "", task: "", step: "" })}>{t("import.again")}</Button>
      )}
      {upload !== null && !isImport && shown === undefined && (taskId === null || over) && (
        <Ready answer={answer}>{() => null}</Ready>
      )}
      {shown && (
        <Look
          upload={shown}
          busy={taskId !== null && !over}
          changed={(task) => (task === null ? answer.reload() : set({ task }))}
          importing={(task) => set({ task, step: "import" })}
          thrownAway={() => set({ upload: "", task: "", step: "" })}
        />
      )}
      {imported && <ImportResult imported={imported} again={() => set({ upload: "", task: "", step: "" })} />}
    </Page>
  );
}
