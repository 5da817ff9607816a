// The three ledgers of 四查三比对: children of age, those suspected, dropouts; each row with what the registers show.
import Button from "antd/es/button";
import Select from "antd/es/select";
import { useMemo, useState } from "react";
import { download, withQuery } from "../api/client";
import type { LedgerBy, LedgerKey, LedgerRow, LedgerUnit, LedgerUnits } from "../api/ledgers";
import { useAction, useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { ListPage, type Column, type Filter, type ListState } from "../components/list_page";
import { Mark } from "../components/mark";
import { ReasonDialog } from "../components/reason_dialog";
import { Ready } from "../components/states";
import { count } from "../frame/format";
import { useNotify } from "../frame/notices";
import type { PageProps } from "../frame/pages";
import { Link, useFilters } from "../frame/router";
import { useSession } from "../frame/session";
import { useWords, type WordKey } from "../words/words";

const LEDGERS: { key: LedgerKey; name: WordKey }[] = [
  { key: "children", name: "ledger.children" },
  { key: "suspected", name: "ledger.suspected" },
  { key: "dropout", name: "ledger.dropout" },
];

const UNITS: { value: LedgerBy; word: WordKey }[] = [
  { value: "county", word: "ledger.by_county" },
  { value: "township", word: "ledger.by_township" },
  { value: "village", word: "ledger.by_village" },
  { value: "school", word: "ledger.by_school" },
];

const COUNTS: { key: keyof Omit<LedgerUnit, "unit" | "name" | "looks">; word: WordKey }[] = [
  { key: "rows", word: "ledger.rows" },
  { key: "on_roll", word: "summary.on_roll" },
  { key: "finished", word: "summary.finished" },
  { key: "lawful", word: "summary.lawful" },
  { key: "reported_schooled", word: "summary.reported_schooled" },
  { key: "not_enrolled", word: "ledger.not_enrolled" },
  { key: "suspected", word: "case.suspected" },
  { key: "dropout", word: "case.confirmed" },
  { key: "returned", word: "case.returned" },
];

function Tabs({ ledger, area }: { ledger: LedgerKey; area: string }) {
  const { t } = useWords();
  return (
    <nav className="subnav" aria-label={t("ledger.which")}>
      {LEDGERS.map((row) => (
        <Link
          key={row.key}
          to={withQuery(`/ledgers/${row.key}`, { area })}
          aria-current={row.key === ledger ? "page" : undefined}
        >
          {t(row.name)}
        </Link>
      ))}
    </nav>
  );
}

function Counts({ units, by }: { units: LedgerUnits; by: LedgerBy }) {
  const { t, pick } = useWords();
  return (
    <div className="scroll">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t(by === "school" ? "finding.school" : "finding.area")}</th>
            {COUNTS.map((row) => (
              <th key={row.key} scope="col" className="number">
                {t(row.word)}
              </th>
            ))}
            {units.looks.map((look) => (
              <th key={look.key} scope="col" className="number">
                {pick(look)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {units.units.map((unit) => (
            <tr key={unit.unit}>
              <th scope="row">{unit.name || t("ledger.no_unit")}</th>
              {COUNTS.map((row) => (
                <td key={row.key} className="number">
                  {count(unit[row.key])}
                </td>
              ))}
              {unit.looks.map((n, i) => (
                <td key={units.looks[i].key} className="number">
                  {count(n)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface UnitsProps {
  ledger: LedgerKey;
  area: string;
  by: LedgerBy;
  setBy: (by: LedgerBy) => void;
}

function Units({ ledger, area, by, setBy }: UnitsProps) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const answer = useApi<LedgerUnits>(open ? withQuery("/api/ledgers/units", { ledger, by, area }) : null);
  return (
    <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("ledger.units")}</summary>
      {open && (
        <>
          <label className="field-label" htmlFor="ledger-by">
            {t("ledger.by")}
          </label>
          <Select
            id="ledger-by"
            style={{ width: 160 }}
            value={by}
            onChange={setBy}
            options={UNITS.map((row) => ({ value: row.value, label: t(row.word) }))}
          />
          <Ready answer={answer}>{(units) => <Counts units={units} by={by} />}</Ready>
        </>
      )}
    </details>
  );
}

function Export({ state, ledger, by }: { state: ListState<LedgerRow>; ledger: LedgerKey; by: LedgerBy }) {
  const { t } = useWords();
  const { may } = useSession();
  const notify = useNotify();
  const [open, setOpen] = useState(false);
  const write = useAction(async (reason: string) => {
    await download("/api/ledgers/export", { ledger, by, area: state.query.area || null, reason }, "ledger.xlsx");
    notify(t("export.done", { n: state.total }));
    setOpen(false);
  });
  return (
    <>
      {may("export") && (
        <Button type="primary" disabled={state.total === 0} onClick={() => setOpen(true)}>
          {t("ledger.export")}
        </Button>
      )}
      <Button onClick={() => window.print()}>{t("common.print")}</Button>
      <ReasonDialog
        open={open}
        title={t("ledger.export")}
        phrases={[t("export.phrase_visit"), t("export.phrase_school"), t("export.phrase_meeting")]}
        confirm={t("export.confirm")}
        busy={write.busy}
        error={write.error}
        onCancel={() => setOpen(false)}
        onConfirm={(reason) => void write.run(reason)}
      >
        <p>{t("export.will", { n: count(state.total) })}</p>
        <p className="help">{t("ledger.export_help")}</p>
      </ReasonDialog>
    </>
  );
}

function useColumns(): Column<LedgerRow>[] {
  const { t, pick } = useWords();
  const words = (list: { zh: string; en: string }[]) => list.map(pick).join(t("list.comma"));
  return [
    {
      key: "name",
      title: t("finding.name"),
      width: 175,
      render: (row) => (
        <>
          <Link to={`/persons/${row.person}`}>{row.name || t("person.unnamed")}</Link>
          <div className="help mono">{row.id_number}</div>
        </>
      ),
    },
    { key: "birth", title: t("person.birth_date"), width: 105, render: (row) => row.birth_date },
    {
      key: "area",
      title: t("finding.area"),
      width: 220,
      render: (row) => (
        <>
          {row.area_name}
          <div className="help">{row.school}</div>
        </>
      ),
    },
    { key: "standing", title: t("ledger.standing"), width: 110, render: (row) => pick(row.standing) },
    {
      key: "looks",
      title: t("ledger.looks"),
      render: (row) => (
        <>
          {words(row.looks) || t("ledger.nothing_found")}
          <div className="help">{words(row.groups)}</div>
        </>
      ),
    },
    {
      key: "case",
      title: t("case.title"),
      width: 190,
      render: (row) =>
        row.case ? (
          <>
            <Link to={`/cases/${row.case.case}`}>{t("case.number", { n: row.case.case })}</Link>{" "}
            <Mark>{pick(row.case.state)}</Mark>
            <div className="help">{row.case.outcome ? pick(row.case.outcome) : row.case.opened}</div>
          </>
        ) : (
          "–"
        ),
    },
  ];
}

export default function LedgersPage({ params }: PageProps) {
  const { t } = useWords();
  const [query] = useFilters();
  const areas = useAreaChoices();
  const columns = useColumns();
  const [by, setBy] = useState<LedgerBy>("township");
  const ledger = LEDGERS.find((row) => row.key === params.ledger)?.key ?? "children";
  const fixed = useMemo(() => ({ ledger }), [ledger]);
  const filters = useMemo<Filter[]>(
    () => [{ name: "area", label: t("finding.area"), kind: "select", options: areas, width: 240 }],
    [t, areas],
  );
  return (
    <ListPage<LedgerRow>
      key={ledger}
      title={t("ledger.title")}
      lead={t("ledger.lead")}
      path="/api/ledgers"
      fixed={fixed}
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.person)}
      before={
        <>
          <Tabs ledger={ledger} area={query.area ?? ""} />
          <Units ledger={ledger} area={query.area ?? ""} by={by} setBy={setBy} />
        </>
      }
      actions={(state) => <Export state={state} ledger={ledger} by={by} />}
      empty={t("ledger.empty")}
    />
  );
}
