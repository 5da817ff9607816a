// The missing children (and every other finding), by whose work it is; selected or filtered rows go into a workbook
// after it was said what will be in it and a reason was given.
import Button from "antd/es/button";
import Checkbox from "antd/es/checkbox";
import Radio from "antd/es/radio";
import { useMemo, useState } from "react";
import { ApiError, download } from "../api/client";
import { keepExport } from "../api/exports";
import type { AidScheme, Finding, Rows } from "../api/types";
import { useAction, useApi } from "../api/use_api";
import { Mark } from "../components/mark";
import { useAreaChoices } from "../components/areas";
import { PersonLink, Probability, QueueTag, Reasons } from "../components/common";
import { ListPage, type Column, type Filter, type ListState } from "../components/list_page";
import { ReasonDialog } from "../components/reason_dialog";
import { percent } from "../frame/format";
import { useNotify } from "../frame/notices";
import { useFilters, useRouter } from "../frame/router";
import { useSession } from "../frame/session";
import { useDomain, useWords, type Domain } from "../words/words";

const NO_SCHEMES: AidScheme[] = [];
const PROBABILITIES = ["0.5", "0.7", "0.9", "0.95"];

/** The schemes, where findings about aid are asked for. */
function useSchemes(): AidScheme[] {
  const [query] = useFilters();
  const wanted = (query.kind ?? "").startsWith("aid_") || (query.scheme ?? "") !== "";
  const answer = useApi<Rows<AidScheme>>(wanted ? "/api/aid/schemes" : null);
  return answer.data?.rows ?? NO_SCHEMES;
}

function useFilterList(): Filter[] {
  const { t, pick } = useWords();
  const domain = useDomain();
  const areas = useAreaChoices();
  const schemes = useSchemes();
  return useMemo(() => {
    const all = { value: "", label: t("list.all") };
    const choices = (list: "finding_kinds" | "queues" | "statuses") => [all, ...domain.options(list)];
    return [
      { name: "queue", label: t("finding.queue"), kind: "select", options: choices("queues"), width: 120 },
      { name: "kind", label: t("finding.kind"), kind: "select", options: choices("finding_kinds"), width: 150 },
      ...(schemes.length === 0
        ? []
        : [
            {
              name: "scheme",
              label: t("aid.scheme"),
              kind: "select" as const,
              options: [all, ...schemes.map((row) => ({ value: row.key, label: pick(row) }))],
              width: 150,
            },
          ]),
      { name: "status", label: t("finding.status"), kind: "select", options: choices("statuses"), width: 90 },
      { name: "area", label: t("finding.area"), kind: "select", options: areas, width: 170 },
      { name: "school", label: t("finding.school"), kind: "text", width: 120 },
      {
        name: "min_probability",
        label: t("finding.probability"),
        kind: "select",
        options: [all, ...PROBABILITIES.map((p) => ({ value: p, label: `≥ ${Number(p) * 100}%` }))],
        width: 90,
      },
      { name: "opened_since", label: t("finding.opened_since"), kind: "day", width: 132 },
      { name: "opened_until", label: t("finding.opened_until"), kind: "day", width: 132 },
    ];
  }, [t, pick, domain, areas, schemes]);
}

function useColumns(domain: Domain): Column<Finding>[] {
  const { t } = useWords();
  return [
    {
      key: "name",
      title: t("finding.name"),
      width: 160,
      render: (row) =>
        row.person !== null ? (
          <>
            <PersonLink person={row.person} name={row.name} />
            <div className="help mono">{row.id_number}</div>
          </>
        ) : (
          row.school || row.area_name
        ),
    },
    {
      key: "birth",
      title: t("finding.birth_date"),
      width: 105,
      render: (row) => (
        <>
          {row.birth_date}
          {row.age !== null && <div className="help">{t("finding.years", { n: row.age })}</div>}
        </>
      ),
    },
    {
      key: "area",
      title: t("finding.area"),
      width: 170,
      render: (row) => (
        <>
          {row.area_name}
          {row.school !== "" && row.person !== null && <div className="help">{row.school}</div>}
        </>
      ),
    },
    { key: "kind", title: t("finding.kind"), width: 120, render: (row) => domain.name("finding_kinds", row.kind) },
    {
      key: "reason",
      title: t("finding.reason"),
      render: (row) => (
        <>
          <Reasons keys={row.reason} notes={row.notes} />
          {row.nearest && (
            <div className="help">
              {t("finding.nearest", {
                register: domain.name("registers", row.nearest.register),
                name: row.nearest.name ?? row.nearest.area_name,
                birth: row.nearest.birth_date ?? "",
                p: percent(row.nearest.probability),
              })}
            </div>
          )}
        </>
      ),
    },
    { key: "queue", title: t("finding.queue"), width: 110, render: (row) => <QueueTag queue={row.queue} /> },
    {
      key: "probability",
      title: t("finding.probability"),
      width: 120,
      render: (row) => <Probability value={row.probability} />,
    },
    {
      key: "opened",
      title: t("finding.opened"),
      width: 110,
      render: (row) => (
        <>
          {row.opened}
          {row.status !== "suspected" && <Mark>{domain.name("statuses", row.status)}</Mark>}
        </>
      ),
    },
  ];
}

/** The filters that say something. */
function filled(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}

interface Plan {
  query: Record<string, string>;
  findings: number[] | undefined;
  rows: number;
}

function Export({ state }: { state: ListState<Finding> }) {
  const { t } = useWords();
  const { may } = useSession();
  const notify = useNotify();
  const { go } = useRouter();
  const [plan, setPlan] = useState<Plan>();
  const [format, setFormat] = useState("xlsx");
  const [reveal, setReveal] = useState(false);
  const chosen = state.selected.length > 0 ? state.selected.map((row) => row.finding) : undefined;
  const prepare = () => {
    setReveal(false);
    setPlan({ query: state.query, findings: chosen, rows: chosen ? chosen.length : state.total });
  };
  const write = useAction(async (reason: string) => {
    if (!plan) return;
    const body = { ...filled(plan.query), findings: plan.findings, reason, format, reveal };
    try {
      await download("/api/findings/export", body, `baoxue.${format}`);
      notify(t("export.done", { n: plan.rows }));
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.approval === 0) throw cause;
      keepExport(cause.approval, body);
      notify(t("export.asked", { n: cause.approval }), { text: t("menu.approvals"), run: () => go("/approvals") });
    }
    setPlan(undefined);
    state.clear();
  });
  if (!may("export")) return null;
  return (
    <>
      <Button type="primary" disabled={state.total === 0} onClick={prepare}>
        {chosen ? t("export.selected", { n: chosen.length }) : t("export.all", { n: state.total })}
      </Button>
      <ReasonDialog
        open={plan !== undefined}
        title={t("export.title")}
        phrases={[t("export.phrase_visit"), t("export.phrase_school"), t("export.phrase_meeting")]}
        confirm={t("export.confirm")}
        busy={write.busy}
        error={write.error}
        onCancel={() => setPlan(undefined)}
        onConfirm={(reason) => void write.run(reason)}
      >
        <p>{t("export.will", { n: plan?.rows ?? 0 })}</p>
        <Radio.Group
          value={format}
          aria-label={t("export.format")}
          onChange={(event) => setFormat(String(event.target.value))}
          options={[
            { value: "xlsx", label: t("export.xlsx") },
            { value: "csv", label: "CSV" },
          ]}
        />
        {may("reveal") && (
          <p>
            <Checkbox checked={reveal} onChange={(event) => setReveal(event.target.checked)}>
              {t("export.reveal")}
            </Checkbox>
          </p>
        )}
      </ReasonDialog>
    </>
  );
}

export default function FindingsPage() {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <ListPage<Finding>
      title={t("findings.title")}
      lead={t("findings.lead")}
      path="/api/findings"
      filters={useFilterList()}
      columns={useColumns(domain)}
      rowKey={(row) => String(row.finding)}
      rowName={(row) => row.name}
      selectable
      actions={(state) => <Export state={state} />}
      empty={t("findings.empty")}
    />
  );
}
