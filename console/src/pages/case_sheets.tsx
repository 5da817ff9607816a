// Work without a network: what is owed is taken along as a workbook; filled in, it is tried, shown row by row, and taken.
import Button from "antd/es/button";
import Checkbox from "antd/es/checkbox";
import Select from "antd/es/select";
import { useRef, useState, type DragEvent } from "react";
import type { SheetAnswer, SheetResult, SheetRow } from "../api/case_sheets";
import { call, download } from "../api/client";
import type { Procedures } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { useCaseLabels } from "../components/case_words";
import { Mark, type Colour } from "../components/mark";
import { Page, Section } from "../components/page";
import { ActionError, Empty } from "../components/states";
import { count } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

function Fetch({ texts }: { texts: Procedures | undefined }) {
  const { t, pick } = useWords();
  const [query, set] = useFilters();
  const areas = useAreaChoices();
  const all = { value: "", label: t("list.all") };
  const fetched = useAction(async () => {
    await download("/api/case-sheets", { area: query.area || null, position: query.position || null }, "cases.xlsx");
  });
  return (
    <Section title={t("case_sheet.fetch")}>
      <p className="help">{t("case_sheet.fetch_help")}</p>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <div className="filter">
          <label htmlFor="sheet-area">{t("finding.area")}</label>
          <Select
            id="sheet-area"
            style={{ width: 240 }}
            showSearch
            optionFilterProp="label"
            value={query.area ?? ""}
            onChange={(area) => set({ area })}
            options={areas}
          />
        </div>
        <div className="filter">
          <label htmlFor="sheet-position">{t("case_sheet.position")}</label>
          <Select
            id="sheet-position"
            style={{ width: 200 }}
            value={query.position ?? ""}
            onChange={(position) => set({ position })}
            options={[all, ...(texts?.positions ?? []).map((row) => ({ value: row.key, label: pick(row) }))]}
          />
        </div>
        <Button type="primary" loading={fetched.busy} onClick={() => void fetched.run()}>
          {t("case_sheet.download")}
        </Button>
      </form>
      <ActionError error={fetched.error} />
    </Section>
  );
}

function Drop({ busy, give }: { busy: boolean; give: (file: File) => void }) {
  const { t } = useWords();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null) => {
    if (list && list.length > 0) give(list[0]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className="drop-title">{t("case_sheet.drop")}</p>
      <p className="help">{t("case_sheet.drop_help")}</p>
      <Button type="primary" loading={busy} onClick={() => input.current?.click()}>
        {t("case_sheet.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".xlsx,.xls,.csv"
        className="hidden"
        aria-label={t("case_sheet.choose")}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
    </div>
  );
}

const RESULTS: Record<SheetResult, { word: WordKey; tried: WordKey; colour: Colour }> = {
  taken: { word: "case_sheet.taken", tried: "case_sheet.will_take", colour: "green" },
  already: { word: "case_sheet.already", tried: "case_sheet.already", colour: "grey" },
  conflict: { word: "case_sheet.conflict", tried: "case_sheet.conflict", colour: "gold" },
  refused: { word: "case_sheet.refused", tried: "case_sheet.will_refuse", colour: "red" },
};

const keyOf = (row: SheetRow) => `${row.sheet}:${row.row}`;

interface RowProps {
  row: SheetRow;
  tried: boolean;
  texts: Procedures | undefined;
  kept: boolean;
  keep: (kept: boolean) => void;
}

/** Both sides of a row whose case went on since it was packed, and the choice to write it all the same. */
function Sides({ row, texts, kept, keep }: RowProps) {
  const { t, pick } = useWords();
  const label = useCaseLabels(texts);
  const by = Array.from(new Set(row.conflicts.map((side) => side.by))).join(t("list.comma"));
  return (
    <div className="conflict">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("conflict.field")}</th>
            <th scope="col">{t("case_sheet.theirs", { by })}</th>
            <th scope="col">{t("case_sheet.yours")}</th>
          </tr>
        </thead>
        <tbody>
          {row.conflicts
            .filter((side) => label(side.field))
            .map((side) => (
              <tr key={`${side.version}/${side.field}`}>
                <th scope="row">{label(side.field)}</th>
                <td>{pick(side.theirs) || "–"}</td>
                <td>{pick(side.yours) || "–"}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <Checkbox checked={kept} onChange={(event) => keep(event.target.checked)}>
        {t("case_sheet.keep")}
      </Checkbox>
      <p className="help">{t("case_sheet.keep_help")}</p>
    </div>
  );
}

function Row(props: RowProps) {
  const { t, pick } = useWords();
  const { row, tried, texts } = props;
  const label = useCaseLabels(texts);
  const result = RESULTS[row.result];
  return (
    <tr>
      <td className="number" title={row.sheet}>
        {row.row}
      </td>
      <td>
        {row.case > 0 ? <Link to={`/cases/${row.case}`}>{row.name || row.case}</Link> : row.name}
        <div className="help">{pick(row.step)}</div>
      </td>
      <td>
        <Mark colour={result.colour}>{t(tried ? result.tried : result.word)}</Mark>
      </td>
      <td>
        {row.why && <div>{pick(row.why)}</div>}
        {row.result === "conflict" ? (
          <Sides {...props} />
        ) : (
          row.filled.map((cell) => (
            <span key={cell.field} className="nowrap">
              <span className="help">{label(cell.field)}</span> {cell.value}
              {"　"}
            </span>
          ))
        )}
      </td>
    </tr>
  );
}

/** "SHEET:5,9", a line for each sheet. */
function keptText(rows: SheetRow[]): string {
  const bySheet = new Map<string, number[]>();
  for (const row of rows) bySheet.set(row.sheet, [...(bySheet.get(row.sheet) ?? []), row.row]);
  return Array.from(bySheet, ([sheet, numbers]) => `${sheet === "" ? "" : `${sheet}:`}${numbers.join(",")}`).join("\n");
}

function Answered({ file, answer, texts, put, again }: {
  file: File;
  answer: SheetAnswer;
  texts: Procedures | undefined;
  put: (answer: SheetAnswer) => void;
  again: () => void;
}) {
  const { t } = useWords();
  const [keys, setKeys] = useState<string[]>([]);
  const kept = answer.rows.filter((row) => row.result === "conflict" && keys.includes(keyOf(row)));
  const ready = (answer.dry_run ? answer.counts.taken : 0) + kept.length;
  const left = answer.counts.conflict + answer.counts.refused;
  const form = () => {
    const made = new FormData();
    // Those kept before were taken, and are known again by their contents.
    made.append("keep", keptText(kept));
    made.append("file", file, file.name);
    return made;
  };
  const take = useAction(async () => {
    put(await call<SheetAnswer>("POST", "/api/case-sheets/read", form()));
    setKeys([]);
    changed();
  });
  const rejects = useAction(() => download("/api/case-sheets/rejects", form(), "rejects.xlsx"));
  const numbers = Object.fromEntries(Object.entries(answer.counts).map(([key, n]) => [key, count(n)]));
  return (
    <>
      <p role="status">
        <strong>{file.name}</strong> {t(answer.dry_run ? "case_sheet.tried" : "case_sheet.told", numbers)}
      </p>
      {answer.rows.length === 0 && <Empty>{t("case_sheet.empty")}</Empty>}
      {answer.rows.length > 0 && (
        <div className="scroll">
          <table className="plain sheet-rows">
            <thead>
              <tr>
                <th scope="col" className="number">
                  {t("case_sheet.row")}
                </th>
                <th scope="col">{t("case.title")}</th>
                <th scope="col">{t("case_sheet.result")}</th>
                <th scope="col">{t("case_sheet.filled")}</th>
              </tr>
            </thead>
            <tbody>
              {answer.rows.map((row) => (
                <Row
                  key={keyOf(row)}
                  row={row}
                  tried={answer.dry_run}
                  texts={texts}
                  kept={keys.includes(keyOf(row))}
                  keep={(on) => setKeys((now) => (on ? [...now, keyOf(row)] : now.filter((key) => key !== keyOf(row))))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="buttons">
        {(answer.dry_run || kept.length > 0) && (
          <Button type="primary" disabled={ready === 0} loading={take.busy} onClick={() => void take.run()}>
            {t("case_sheet.take", { n: count(ready) })}
          </Button>
        )}
        {left > 0 && (
          <Button loading={rejects.busy} title={t("case_sheet.rejects_help")} onClick={() => void rejects.run()}>
            {t("case_sheet.rejects")}
          </Button>
        )}
        <Button onClick={again}>{t("case_sheet.another")}</Button>
      </div>
      <ActionError error={take.error ?? rejects.error} />
    </>
  );
}

function Bring({ texts }: { texts: Procedures | undefined }) {
  const { t } = useWords();
  const [file, setFile] = useState<File>();
  const [answer, setAnswer] = useState<SheetAnswer>();
  const look = useAction(async (chosen: File) => {
    const form = new FormData();
    form.append("dry_run", "true");
    form.append("file", chosen, chosen.name);
    setAnswer(await call<SheetAnswer>("POST", "/api/case-sheets/read", form));
    setFile(chosen);
  });
  return (
    <Section title={t("case_sheet.bring")}>
      {file && answer ? (
        <Answered file={file} answer={answer} texts={texts} put={setAnswer} again={() => setAnswer(undefined)} />
      ) : (
        <>
          <Drop busy={look.busy} give={(chosen) => void look.run(chosen)} />
          <ActionError error={look.error} />
        </>
      )}
    </Section>
  );
}

export default function CaseSheetsPage() {
  const { t } = useWords();
  const texts = useApi<Procedures>("/api/procedures").data;
  return (
    <Page
      title={t("case_sheet.title")}
      lead={t("case_sheet.lead")}
      actions={<Link to="/cases">{t("case.title")}</Link>}
    >
      <Fetch texts={texts} />
      <Bring texts={texts} />
    </Page>
  );
}
