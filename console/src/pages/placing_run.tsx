// Plans against results of one kept run: seats, placed, free, and the scores at the border.
import Button from "antd/es/button";
import Modal from "antd/es/modal";
import { useMemo, useState } from "react";
import type { PlacingCount, PlacingRun, PlacingUse } from "../api/placing";
import type { Rows } from "../api/types";
import { call } from "../api/client";
import { changed, useAction, useApi } from "../api/use_api";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Facts } from "../components/page";
import { PlacingNav } from "../components/placing_nav";
import { ActionError } from "../components/states";
import { count, moment } from "../frame/format";
import type { PageProps } from "../frame/pages";
import { Link, useFilters, useRouter } from "../frame/router";
import { useSession } from "../frame/session";
import { useWords, type WordKey } from "../words/words";

// The empty one is the route's own: by plan.
const UNITS: Record<string, WordKey> = {
  "": "runs.by_plan",
  county: "placing.by_county",
  group: "runs.by_group",
  programme: "runs.by_programme",
  source: "runs.by_source",
  allotment: "runs.by_allotment",
};

// What junior schools were given is another list, of those who see the whole run.
const isUse = (unit: string) => unit === "source" || unit === "allotment";

// The plans of the promise; a run's rules may have others, which are shown as they are written.
const PLANS: Record<string, WordKey> = {
  general: "plan.general",
  national: "plan.national",
  university: "plan.university",
  local: "plan.local",
  poverty: "plan.poverty",
  old_area: "plan.old_area",
};

const dash = (n: number | null) => (n === null ? "–" : count(n));

function RemoveRun({ run }: { run: number }) {
  const { t } = useWords();
  const { go } = useRouter();
  const [asking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await call("DELETE", `/api/placing/runs/${run}`);
    changed();
    go("/placing/runs");
  });
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t("runs.remove")}
      </Button>
      <Modal
        open={asking}
        title={t("runs.remove")}
        okText={t("runs.remove")}
        cancelText={t("common.cancel")}
        okButtonProps={{ danger: true, loading: remove.busy }}
        onOk={() => void remove.run()}
        onCancel={() => setAsking(false)}
      >
        <p>{t("runs.remove_text")}</p>
        <ActionError error={remove.error} />
      </Modal>
    </>
  );
}

function useCountColumns(by: string): Column<PlacingCount>[] {
  const { t } = useWords();
  const part = (key: "county" | "group" | "programme", word: WordKey): Column<PlacingCount> => ({
    key,
    title: t(word),
    width: 120,
    render: (row) => row[key] || "–",
  });
  const numbers: [keyof PlacingCount, WordKey][] = [
    ["seats", "runs.seats"],
    ["placed", "runs.placed"],
    ["free", "runs.free"],
    ["eligible", "runs.eligible"],
    ["lowest", "runs.lowest"],
    ["highest", "runs.highest"],
  ];
  return [
    { key: "plan", title: t("runs.by_plan"), render: (row) => <strong>{PLANS[row.plan] ? t(PLANS[row.plan]) : row.plan}</strong> },
    ...(by === "county" ? [part("county", "placing.by_county")] : []),
    ...(by === "group" || by === "programme" ? [part("group", "runs.by_group")] : []),
    ...(by === "programme" ? [part("programme", "runs.by_programme")] : []),
    ...numbers.map(([key, word]): Column<PlacingCount> => ({
      key,
      title: t(word),
      width: 110,
      align: "right",
      render: (row) => dash(row[key] as number | null),
    })),
  ];
}

function useSeatColumns(by: string): Column<PlacingUse>[] {
  const { t } = useWords();
  const numbers: [keyof PlacingUse, WordKey][] = [
    ["seats", "runs.given_seats"],
    ["used", "runs.used"],
    ["flowed_back", "runs.flowed_back"],
    ["left_empty", "runs.left_empty"],
    ...(by === "source"
      ? ([
          ["applicants", "runs.applicants"],
          ["placed", "runs.placed_in_all"],
        ] as [keyof PlacingUse, WordKey][])
      : []),
    ["lowest", "runs.lowest"],
    ["highest", "runs.highest"],
  ];
  return [
    { key: "source", title: t("runs.source"), render: (row) => <strong>{row.source || t("runs.no_source")}</strong> },
    ...(by === "allotment"
      ? [
          { key: "batch", title: t("runs.batch"), width: 120, render: (row: PlacingUse) => row.batch },
          { key: "group", title: t("runs.senior"), width: 120, render: (row: PlacingUse) => row.group },
        ]
      : []),
    ...numbers.map(([key, word]): Column<PlacingUse> => ({
      key,
      title: t(word),
      width: 110,
      align: "right",
      render: (row) => dash(row[key] as number | null),
    })),
  ];
}

export default function PlacingRunPage({ params }: PageProps) {
  const { t } = useWords();
  const { may } = useSession();
  const [query] = useFilters();
  const runs = useApi<Rows<PlacingRun>>("/api/placing/runs?page_size=500");
  const run = runs.data?.rows.find((row) => String(row.run) === params.run);
  const by = query.by ?? "";
  const whole = run?.whole !== false;
  const filters = useMemo<Filter[]>(
    () => [
      {
        name: "by",
        label: t("placing.by"),
        kind: "select",
        options: Object.keys(UNITS)
          .filter((unit) => whole || !isUse(unit))
          .map((unit) => ({ value: unit, label: t(UNITS[unit]) })),
      },
    ],
    [t, whole],
  );
  const columns = useCountColumns(whole ? by : "county");
  const seatColumns = useSeatColumns(by);
  const page = {
    title: run?.name ?? t("runs.title"),
    filters,
    above: <PlacingNav />,
    before:
      run && (
        <Facts
          items={[
            { label: t("finding.area"), value: run.area_name },
            { label: t("runs.made"), value: `${moment(run.made_ms)} ${run.user}` },
            { label: t("runs.applicants"), value: count(run.applicants) },
            { label: t("runs.seats"), value: count(run.seats) },
            { label: t("runs.placed"), value: count(run.placed) },
            {
              label: t("runs.verified"),
              value:
                run.violations === 0 ? t("runs.in_order") : t("runs.violations", { n: count(run.violations) }),
            },
            { label: t("placing.why"), value: <Link to={`/placing/why?run=${run.run}`}>{t("runs.ask")}</Link> },
          ]}
        />
      ),
    actions: () => run?.whole && may("import") && <RemoveRun run={run.run} />,
  };
  return isUse(by) && whole ? (
    <ListPage<PlacingUse>
      {...page}
      lead={t("runs.use_lead")}
      path={`/api/placing/runs/${params.run}/allotments`}
      columns={seatColumns}
      rowKey={(row) => `${row.batch}/${row.group}/${row.source}`}
      empty={t("runs.use_empty")}
    />
  ) : (
    <ListPage<PlacingCount>
      {...page}
      lead={t("runs.report_lead")}
      path={`/api/placing/runs/${params.run}/report`}
      columns={columns}
      rowKey={(row) => `${row.plan}/${row.county}/${row.group}/${row.programme}`}
      empty={t("runs.report_empty")}
    />
  );
}
