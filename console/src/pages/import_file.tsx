// One file before it is imported: what it was taken for, every column with samples and the field it goes to (or that
// it goes nowhere), and its problems by column, each of which can be corrected here.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { useMemo, useState } from "react";
import { call } from "../api/client";
import type { NotedRow, UploadFile, UploadSheet } from "../api/types";
import { useAction } from "../api/use_api";
import { Mark } from "../components/mark";
import { Section } from "../components/page";
import { ActionError } from "../components/states";
import { count } from "../frame/format";
import { useDomain, useWords } from "../words/words";

const IGNORED = "";

/** 0 is A, 25 Z, 26 AA, as a spreadsheet calls its columns. */
export function columnLetters(place: number): string {
  let letters = "";
  for (let n = place; n >= 0; n = Math.floor(n / 26) - 1) letters = String.fromCharCode(65 + (n % 26)) + letters;
  return letters;
}

interface FileProps {
  upload: string;
  file: UploadFile;
  /** Called when the server reads the file again, with the task that does. */
  changed: (task: string | null) => void;
}

function Mapping({ upload, file, sheet, changed }: FileProps & { sheet: UploadSheet }) {
  const { t } = useWords();
  const domain = useDomain();
  const [edits, setEdits] = useState<Record<number, string>>({});
  const [register, setRegister] = useState(file.register ?? "");
  const fields = useMemo(
    () => [
      { value: IGNORED, label: t("import.ignored") },
      ...domain.fields(register).map((word) => ({ value: word.key, label: domain.field(register, word.key) })),
    ],
    [domain, t, register],
  );
  const dirty = Object.keys(edits).length > 0 || register !== (file.register ?? "");
  const apply = useAction(async () => {
    const columns = Object.keys(edits).map((place) => ({ place: Number(place), field: edits[Number(place)] || null }));
    const body = { file: file.file, sheet: sheet.name, columns, register: register || undefined };
    const made = await call<{ task?: string | number } | undefined>("PUT", `/api/uploads/${upload}/map`, body);
    setEdits({});
    changed(made?.task === undefined ? null : String(made.task));
  });
  const valueOf = (place: number, field: string | null) => (place in edits ? edits[place] : (field ?? IGNORED));
  const ignored = sheet.columns.filter((column) => valueOf(column.place, column.field) === IGNORED).length;
  return (
    <details open>
      <summary>
        {t("import.columns", { sheet: sheet.name, n: sheet.columns.length, row: sheet.header_row })}
        {ignored > 0 && <Mark colour="gold">{t("import.ignored_count", { n: ignored })}</Mark>}
      </summary>
      <div className="filter">
        <label htmlFor={`register-${file.file}`}>{t("import.register")}</label>
        <Select
          id={`register-${file.file}`}
          style={{ width: 240 }}
          value={register}
          showSearch
          optionFilterProp="label"
          onChange={setRegister}
          options={domain
            .list("registers")
            .map((word) => ({ value: word.key, label: domain.name("registers", word.key) }))}
        />
      </div>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("import.column")}</th>
              <th scope="col">{t("import.heading")}</th>
              <th scope="col">{t("import.field")}</th>
              <th scope="col">{t("import.sample")}</th>
            </tr>
          </thead>
          <tbody>
            {sheet.columns.map((column) => {
              const value = valueOf(column.place, column.field);
              return (
                <tr key={column.place} className={value === IGNORED ? "ignored" : undefined}>
                  <td>{columnLetters(column.place)}</td>
                  <th scope="row">{column.heading || "–"}</th>
                  <td>
                    <Select
                      aria-label={t("import.field_of", { heading: column.heading || columnLetters(column.place) })}
                      style={{ width: 210 }}
                      size="small"
                      value={value}
                      showSearch
                      optionFilterProp="label"
                      onChange={(field) => setEdits({ ...edits, [column.place]: field })}
                      options={fields}
                    />
                  </td>
                  <td className="help">{column.sample.filter((text) => text !== "").join(" · ")}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="buttons">
        <Button disabled={!dirty} loading={apply.busy} onClick={() => void apply.run()}>
          {t("import.apply")}
        </Button>
      </p>
      <ActionError error={apply.error} />
    </details>
  );
}

function Cell({
  upload,
  file,
  row,
  place,
  heading,
  changed,
}: FileProps & { row: NotedRow; place: number; heading: string }) {
  const { t } = useWords();
  const was = row.cells[place] ?? "";
  const [value, setValue] = useState(was);
  const save = useAction(async () => {
    const body = { file: file.file, sheet: row.sheet, row: row.row, place, value };
    const made = await call<{ task?: string | number } | undefined>("PUT", `/api/uploads/${upload}/cells`, body);
    changed(made?.task === undefined ? null : String(made.task));
  });
  return (
    <span className="cell">
      <Input
        size="small"
        style={{ width: 200 }}
        value={value}
        status={save.error ? "error" : undefined}
        aria-label={t("import.cell", { row: row.row, heading })}
        onChange={(event) => setValue(event.target.value)}
        onPressEnter={() => value !== was && void save.run()}
      />
      {value !== was && (
        <Button size="small" type="primary" loading={save.busy} onClick={() => void save.run()}>
          {t("import.fix")}
        </Button>
      )}
    </span>
  );
}

interface Problem {
  key: string;
  column: number | null;
  code: string;
  rows: NotedRow[];
}

/** The rows with remarks by column and remark, the most frequent first. */
export function problemsOf(rows: NotedRow[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const row of rows)
    for (const note of row.notes) {
      const key = `${row.sheet}.${note.column ?? "row"}.${note.code}`;
      const problem = problems.get(key) ?? { key, column: note.column, code: note.code, rows: [] };
      problem.rows.push(row);
      problems.set(key, problem);
    }
  return Array.from(problems.values()).sort((a, b) => b.rows.length - a.rows.length);
}

function Problems({ upload, file, changed }: FileProps) {
  const { t } = useWords();
  const domain = useDomain();
  const headings = new Map<number, string>();
  for (const column of file.sheets[0]?.columns ?? []) headings.set(column.place, column.heading);
  const heading = (place: number) => headings.get(place) || columnLetters(place);
  const problems = problemsOf(file.rows_with_notes);
  if (problems.length === 0) return <p className="help">{t("import.no_problems")}</p>;
  return (
    <>
      {problems.map((problem) => (
        <details key={problem.key} className="problem">
          <summary>
            <strong>{problem.column === null ? t("import.whole_row") : heading(problem.column)}</strong>{" "}
            {domain.note(problem.code)} · {t("import.rows", { n: problem.rows.length })}
          </summary>
          <div className="scroll">
            <table className="plain">
              <tbody>
                {problem.rows.map((row) => (
                  <tr key={row.row}>
                    <th scope="row" className="nowrap">
                      {t("import.row", { n: row.row })}
                      {row.rejected && <Mark colour="red">{t("import.rejected")}</Mark>}
                    </th>
                    {problem.column !== null && (
                      <td>
                        <Cell
                          upload={upload}
                          file={file}
                          row={row}
                          place={problem.column}
                          heading={heading(problem.column)}
                          changed={changed}
                        />
                      </td>
                    )}
                    {row.cells.map((cell, place) =>
                      place === problem.column ? null : (
                        <td key={place} className="help">
                          {problem.column === null && headings.has(place) ? (
                            <Cell
                              upload={upload}
                              file={file}
                              row={row}
                              place={place}
                              heading={heading(place)}
                              changed={changed}
                            />
                          ) : (
                            cell
                          )}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ))}
    </>
  );
}

export function FileView({ upload, file, changed }: FileProps) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const error = file.error === null ? "" : typeof file.error === "string" ? file.error : pick(file.error);
  return (
    <Section
      title={`${file.file} · ${file.register === null ? t("import.unrecognised") : domain.name("registers", file.register)}`}
    >
      {error !== "" && <Alert type="error" showIcon message={t("import.refused")} description={error} />}
      {file.status === "unchanged" && <Alert type="info" showIcon message={t("import.unchanged")} />}
      <dl className="balance small">
        {[
          { label: t("import.at_short"), value: file.at ?? <Mark colour="gold">{t("import.at_none")}</Mark> },
          { label: t("import.scope"), value: file.scope || "–" },
          { label: t("import.rows_read"), value: count(file.rows) },
          { label: t("import.accepted"), value: count(file.accepted) },
          { label: t("import.warned"), value: count(file.warned) },
          { label: t("import.rejected"), value: count(file.rejected) },
        ].map((item) => (
          <div key={item.label}>
            <dt>{item.label}</dt>
            <dd>{item.value}</dd>
          </div>
        ))}
      </dl>
      {file.sheets.map((sheet) => (
        <Mapping key={sheet.name} upload={upload} file={file} sheet={sheet} changed={changed} />
      ))}
      <h3 className="problems-title">{t("import.problems")}</h3>
      <Problems upload={upload} file={file} changed={changed} />
      {file.rows_with_notes.length > 0 && <p className="help">{t("import.annotated_help")}</p>}
    </Section>
  );
}
