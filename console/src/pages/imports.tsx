// What was imported, by whom and when; what was rejected; each import can be taken back.
import Button from "antd/es/button";
import { useState } from "react";
import { download } from "../api/client";
import type { Batch, RejectedRow } from "../api/types";
import { useAction } from "../api/use_api";
import { Mark } from "../components/mark";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { ReasonDialog } from "../components/reason_dialog";
import { count, moment } from "../frame/format";
import { useNotify } from "../frame/notices";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useDomain, useWords } from "../words/words";
import { columnLetters } from "./import_file";
import { useUndoImport } from "./import_result";

const NO_FILTERS: Filter[] = [];

export default function ImportsPage() {
  const { t } = useWords();
  const domain = useDomain();
  const notify = useNotify();
  const undo = useUndoImport(() => notify(t("imports.undone")));
  const columns: Column<Batch>[] = [
    {
      key: "batch",
      title: t("imports.batch"),
      width: 70,
      render: (row) => <Link to={`/imports/${row.batch}`}>{row.batch}</Link>,
    },
    { key: "file", title: t("imports.file"), render: (row) => row.file },
    {
      key: "register",
      title: t("import.register"),
      width: 160,
      render: (row) => domain.name("registers", row.register),
    },
    { key: "at", title: t("import.at_short"), width: 105, render: (row) => row.at },
    { key: "when", title: t("imports.when"), width: 145, render: (row) => moment(row.imported_ms) },
    { key: "user", title: t("history.user"), width: 100, render: (row) => row.user },
    { key: "accepted", title: t("import.accepted"), width: 80, align: "right", render: (row) => count(row.accepted) },
    { key: "warned", title: t("import.warned"), width: 90, align: "right", render: (row) => count(row.warned) },
    { key: "rejected", title: t("import.rejected"), width: 70, align: "right", render: (row) => count(row.rejected) },
    {
      key: "undo",
      title: t("imports.undo"),
      width: 100,
      render: (row) =>
        row.undone ? (
          <Mark>{t("imports.undone_tag")}</Mark>
        ) : (
          <Button
            size="small"
            aria-label={t("imports.undo_one", { batch: row.batch })}
            onClick={() => undo.ask([row.batch])}
          >
            {t("imports.undo")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <ListPage<Batch>
        title={t("imports.title")}
        lead={t("imports.lead")}
        path="/api/imports"
        filters={NO_FILTERS}
        columns={columns}
        rowKey={(row) => String(row.batch)}
        rowClass={(row) => (row.undone ? "undone" : "")}
        actions={() => (
          <Link to="/imports/new" className="ant-btn button-link">
            {t("import.title")}
          </Link>
        )}
        empty={t("imports.empty")}
      />
      {undo.dialog}
    </>
  );
}

export function ImportPage({ params }: PageProps) {
  const { t } = useWords();
  const domain = useDomain();
  const [asking, setAsking] = useState(false);
  const write = useAction(async (reason: string) => {
    await download(`/api/imports/${params.batch}/rejects/export`, { reason }, `baoxue-${params.batch}.xlsx`);
    setAsking(false);
  });
  const columns: Column<RejectedRow>[] = [
    { key: "sheet", title: t("import.sheet"), width: 120, render: (row) => row.sheet },
    { key: "row", title: t("imports.row"), width: 70, align: "right", render: (row) => row.row },
    {
      key: "why",
      title: t("imports.problem"),
      width: 330,
      render: (row) =>
        row.notes.map((note, i) => (
          <div key={i}>
            {note.column === null ? "" : `${columnLetters(note.column)}: `}
            {domain.note(note.code)}
          </div>
        )),
    },
    { key: "cells", title: t("imports.cells"), render: (row) => row.cells.filter((cell) => cell !== "").join(" · ") },
  ];
  return (
    <>
      <ListPage<RejectedRow>
        title={t("imports.rejects_title", { batch: params.batch })}
        lead={<Link to="/imports">{t("imports.title")}</Link>}
        path={`/api/imports/${encodeURIComponent(params.batch)}/rejects`}
        filters={NO_FILTERS}
        columns={columns}
        rowKey={(row) => `${row.sheet}.${row.row}`}
        actions={(state) => (
          <Button type="primary" disabled={state.total === 0} onClick={() => setAsking(true)}>
            {t("import.annotated")}
          </Button>
        )}
        empty={t("imports.no_rejects")}
      />
      <ReasonDialog
        open={asking}
        title={t("import.annotated")}
        phrases={[t("imports.phrase_return"), t("imports.phrase_fix")]}
        confirm={t("export.confirm")}
        busy={write.busy}
        error={write.error}
        onCancel={() => setAsking(false)}
        onConfirm={(reason) => void write.run(reason)}
      >
        <p>{t("imports.annotated_text")}</p>
      </ReasonDialog>
    </>
  );
}
