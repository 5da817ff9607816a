// Runs of placing that were kept, and keeping one: rules, seats, applicants, wishes and if wanted the result.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { useRef, useState } from "react";
import type { PlacingRun } from "../api/placing";
import { call } from "../api/client";
import { changed, useAction } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark } from "../components/mark";
import { PlacingNav } from "../components/placing_nav";
import { ActionError } from "../components/states";
import { count, moment } from "../frame/format";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useWords } from "../words/words";

const NO_FILTERS: Filter[] = [];
const ACCEPTED = ".yaml,.yml,.csv,.xlsx,.xls";

function KeepRun() {
  const { t } = useWords();
  const areas = useAreaChoices(["prefecture", "county"]).filter((area) => area.value !== "");
  const [name, setName] = useState("");
  const [area, setArea] = useState("");
  const [files, setFiles] = useState<File[]>([]);
  const [kept, setKept] = useState<PlacingRun>();
  const input = useRef<HTMLInputElement>(null);
  const where = area || (areas.length > 0 ? areas[0].value : "");
  const keep = useAction(async () => {
    setKept(undefined);
    const form = new FormData();
    form.append("name", name.trim());
    form.append("area", where);
    files.forEach((file) => form.append("file", file, file.name));
    setKept(await call<PlacingRun>("POST", "/api/placing/runs", form));
    setFiles([]);
    setName("");
    changed();
  });
  return (
    <details className="card">
      <summary>{t("runs.keep_title")}</summary>
      <p className="help">{t("runs.keep_help")}</p>
      <label className="field-label" htmlFor="run-name">
        {t("runs.name")}
      </label>
      <Input id="run-name" style={{ width: 360 }} value={name} onChange={(event) => setName(event.target.value)} />
      <label className="field-label" htmlFor="run-area">
        {t("finding.area")}
      </label>
      <Select id="run-area" style={{ width: 360 }} value={where} options={areas} onChange={setArea} />
      <p>
        <Button onClick={() => input.current?.click()}>{t("runs.choose")}</Button>{" "}
        {files.map((file) => file.name).join(t("list.comma"))}
      </p>
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPTED}
        className="hidden"
        aria-label={t("runs.choose")}
        onChange={(event) => {
          setFiles(Array.from(event.target.files ?? []));
          event.target.value = "";
        }}
      />
      <Button
        type="primary"
        loading={keep.busy}
        disabled={files.length === 0 || name.trim() === ""}
        onClick={() => void keep.run()}
      >
        {t("runs.keep")}
      </Button>
      {kept && (
        <Alert
          type="success"
          showIcon
          role="status"
          message={t("runs.kept", { n: kept.run, applicants: count(kept.applicants), placed: count(kept.placed) })}
        />
      )}
      <ActionError error={keep.error} />
    </details>
  );
}

export default function PlacingRunsPage() {
  const { t } = useWords();
  const { may } = useSession();
  const columns: Column<PlacingRun>[] = [
    { key: "name", title: t("runs.name"), render: (row) => <Link to={`/placing/runs/${row.run}`}>{row.name}</Link> },
    { key: "area", title: t("finding.area"), width: 120, render: (row) => row.area_name },
    {
      key: "made",
      title: t("runs.made"),
      width: 190,
      render: (row) => (
        <>
          {moment(row.made_ms)} <span className="help">{row.user}</span>
        </>
      ),
    },
    {
      key: "applicants",
      title: t("runs.applicants"),
      width: 90,
      align: "right",
      render: (row) => count(row.applicants),
    },
    { key: "seats", title: t("runs.seats"), width: 80, align: "right", render: (row) => count(row.seats) },
    { key: "placed", title: t("runs.placed"), width: 80, align: "right", render: (row) => count(row.placed) },
    {
      key: "verified",
      title: t("runs.verified"),
      width: 200,
      render: (row) => (
        <>
          <Mark colour={row.violations === 0 ? "green" : "red"}>
            {row.violations === 0 ? t("runs.in_order") : t("runs.violations", { n: count(row.violations) })}
          </Mark>{" "}
          <span className="help">{t(row.given ? "runs.given" : "runs.made_here")}</span>
        </>
      ),
    },
    {
      key: "why",
      title: t("placing.why"),
      width: 120,
      render: (row) => <Link to={`/placing/why?run=${row.run}`}>{t("runs.ask")}</Link>,
    },
  ];
  return (
    <ListPage<PlacingRun>
      title={t("runs.title")}
      lead={t("runs.lead")}
      path="/api/placing/runs"
      filters={NO_FILTERS}
      columns={columns}
      rowKey={(row) => String(row.run)}
      above={<PlacingNav />}
      before={may("import") ? <KeepRun /> : undefined}
      empty={t("runs.empty")}
    />
  );
}
