// Who may ask for which special plan: how many, who, and what is missing; each opens the evidence.
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useMemo, useState } from "react";
import { call, download, withQuery } from "../api/client";
import type { EligibleApplicant, EligibleCount, EligibleTotals } from "../api/eligible";
import type { Rows } from "../api/types";
import { useAction } from "../api/use_api";
import { CountLink } from "../components/common";
import { EligibleNav, Lines, VERDICTS, useEligibleTotals, usePlaceFilters, usePlanFilter } from "../components/eligible";
import { ListPage, type Column, type Filter, type ListState } from "../components/list_page";
import { ReasonDialog } from "../components/reason_dialog";
import { ActionError, Empty, Ready } from "../components/states";
import { count } from "../frame/format";
import { useNotify } from "../frame/notices";
import { Link, useFilters } from "../frame/router";
import { useSession } from "../frame/session";
import { useWords, type WordKey } from "../words/words";

type CountKey = keyof Omit<EligibleCount, "unit" | "name" | "plan" | "hidden">;
const NUMBERS: { key: CountKey; word: WordKey; verdict: string; asked: string }[] = [
  { key: "applicants", word: "eligible.applicants", verdict: "", asked: "" },
  { key: "eligible", word: "eligible.eligible", verdict: "eligible", asked: "" },
  { key: "refused", word: "eligible.refused", verdict: "refused", asked: "" },
  { key: "unknown", word: "eligible.unknown", verdict: "unknown", asked: "" },
  { key: "asked", word: "eligible.asked", verdict: "", asked: "true" },
  { key: "asked_eligible", word: "eligible.asked_eligible", verdict: "eligible", asked: "true" },
  { key: "asked_refused", word: "eligible.asked_refused", verdict: "refused", asked: "true" },
  { key: "asked_unknown", word: "eligible.asked_unknown", verdict: "unknown", asked: "true" },
];

function Totals({ totals }: { totals: EligibleTotals }) {
  const { t, pick } = useWords();
  const [query] = useFilters();
  if (totals.year === 0) return null;
  return (
    <>
      <p className="help">
        {t("eligible.counted", { year: totals.year, n: count(totals.applicants), day: totals.counted ?? "–" })}
      </p>
      <div className="scroll">
        <table className="plain">
          <caption className="hidden">{t("eligible.by_plan")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("eligible.plan")}</th>
              {NUMBERS.map((row) => (
                <th key={row.key} scope="col" className="number">
                  {t(row.word)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {totals.plans.map((row) => (
              <tr key={row.plan.key}>
                <th scope="row">{pick(row.plan)}</th>
                {NUMBERS.map(({ key, word, verdict, asked }) => (
                  <td key={key} className="number">
                    <CountLink
                      n={row[key]}
                      label={`${pick(row.plan)} ${t(word)}`}
                      to={withQuery("/placing/eligible", {
                        year: query.year ?? "",
                        area: query.area ?? "",
                        plan: row.plan.key,
                        verdict,
                        asked,
                      })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** What is looked for goes in the body of the request, for addresses are kept by proxies. */
function Find({ year, area }: { year: string; area: string }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Rows<EligibleApplicant>>();
  const find = useAction(async () => {
    const body = { q: text.trim(), area: area || undefined, year: year === "" ? undefined : Number(year) };
    setFound(await call<Rows<EligibleApplicant>>("POST", "/api/placing/eligible/find", body));
  });
  return (
    <form
      className="card find"
      role="search"
      aria-label={t("eligible.find")}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") void find.run();
      }}
    >
      <label className="field-label" htmlFor="find-applicant">
        {t("eligible.find")}
      </label>
      <Input
        id="find-applicant"
        style={{ width: 280 }}
        value={text}
        allowClear
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === "") setFound(undefined);
        }}
      />{" "}
      <Button htmlType="submit" loading={find.busy}>
        {t("eligible.find_button")}
      </Button>
      <ActionError error={find.error} />
      {found && found.rows.length === 0 && <Empty>{t("eligible.found_none")}</Empty>}
      {found && found.rows.length > 0 && (
        <>
          <p role="status">{t("eligible.found", { n: count(found.total), shown: found.rows.length })}</p>
          <ul className="bare">
            {found.rows.map((row) => (
              <li key={row.record}>
                <Link to={`/placing/eligible/${row.record}`}>{row.name}</Link> {row.number}{" "}
                <span className="help">
                  {row.area_name} {row.school}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </form>
  );
}

interface FileProps {
  path: string;
  body: object;
  name: string;
  word: WordKey;
  help: WordKey;
  phrase: WordKey;
  primary?: boolean;
  disabled: boolean;
}

/** Writes a file for a reason that is kept. */
function FileButton({ path, body, name, word, help, phrase, primary, disabled }: FileProps) {
  const { t } = useWords();
  const notify = useNotify();
  const [open, setOpen] = useState(false);
  const write = useAction(async (reason: string) => {
    await download(path, { ...body, reason }, name);
    notify(t("eligible.written"));
    setOpen(false);
  });
  return (
    <>
      <Button type={primary ? "primary" : undefined} disabled={disabled} onClick={() => setOpen(true)}>
        {t(word)}
      </Button>
      <ReasonDialog
        open={open}
        title={t(word)}
        phrases={[t(phrase), t("export.phrase_school"), t("export.phrase_meeting")]}
        confirm={t("export.confirm")}
        busy={write.busy}
        error={write.error}
        onCancel={() => setOpen(false)}
        onConfirm={(reason) => void write.run(reason)}
      >
        <p>{t(help)}</p>
      </ReasonDialog>
    </>
  );
}

function Actions({ state }: { state: ListState<EligibleApplicant> }) {
  const { t } = useWords();
  const { may } = useSession();
  const { area, year, plan, verdict, asked, school } = state.query;
  const place = { area: area || undefined, year: year ? Number(year) : undefined };
  const lines = {
    ...place,
    plan: plan || undefined,
    verdict: verdict || undefined,
    asked: asked === "true",
    school: school || undefined,
  };
  return (
    <>
      {may("export") && (
        <>
          <FileButton
            path="/api/placing/eligible/export"
            body={lines}
            name="eligible.xlsx"
            word="eligible.export"
            help="eligible.export_help"
            phrase="eligible.phrase_check"
            primary
            disabled={state.total === 0}
          />
          <FileButton
            path="/api/placing/eligible/public"
            body={{ ...place, format: "xlsx" }}
            name="public.xlsx"
            word="eligible.public"
            help="eligible.public_help"
            phrase="eligible.phrase_public"
            disabled={state.total === 0}
          />
        </>
      )}
      <Button onClick={() => window.print()}>{t("common.print")}</Button>
    </>
  );
}

function useLineFilters(totals: EligibleTotals | undefined): Filter[] {
  const { t } = useWords();
  const places = usePlaceFilters(totals?.years);
  const plan = usePlanFilter(totals);
  return useMemo<Filter[]>(() => {
    const any = { value: "", label: t("list.all") };
    return [
      ...places,
      plan,
      {
        name: "verdict",
        label: t("eligible.verdict"),
        kind: "select",
        width: 120,
        options: [any, ...Object.entries(VERDICTS).map(([key, word]) => ({ value: key, label: t(word) }))],
      },
      {
        name: "asked",
        label: t("eligible.which"),
        kind: "select",
        width: 130,
        options: [
          { value: "", label: t("eligible.all_plans") },
          { value: "true", label: t("eligible.asked_only") },
        ],
      },
      { name: "school", label: t("eligible.school"), kind: "text", width: 170 },
    ];
  }, [t, places, plan]);
}

function useColumns(): Column<EligibleApplicant>[] {
  const { t } = useWords();
  return [
    {
      key: "name",
      title: t("finding.name"),
      width: 180,
      render: (row) => (
        <>
          <Link to={`/placing/eligible/${row.record}`}>{row.name || t("person.unnamed")}</Link>
          <div className="help mono">{row.id_number}</div>
        </>
      ),
    },
    { key: "number", title: t("eligible.number"), width: 150, render: (row) => <span className="mono">{row.number}</span> },
    {
      key: "school",
      title: t("eligible.school"),
      width: 190,
      render: (row) => (
        <>
          {row.school}
          <div className="help">{row.area_name}</div>
        </>
      ),
    },
    { key: "lines", title: t("eligible.plans"), render: (row) => <Lines lines={row.lines} /> },
  ];
}

export default function PlacingEligiblePage() {
  const { t } = useWords();
  const [query] = useFilters();
  const totals = useEligibleTotals();
  const filters = useLineFilters(totals.data);
  const columns = useColumns();
  return (
    <ListPage<EligibleApplicant>
      title={t("eligible.title")}
      lead={t("eligible.lead")}
      path="/api/placing/eligible/applicants"
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.record)}
      rowName={(row) => row.name}
      above={<EligibleNav />}
      before={
        <>
          <Ready answer={totals}>{(data) => <Totals totals={data} />}</Ready>
          <Find year={query.year ?? ""} area={query.area ?? ""} />
        </>
      }
      actions={(state) => <Actions state={state} />}
      empty={t("eligible.empty")}
    />
  );
}
