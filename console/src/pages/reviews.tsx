// Doubtful pairs, and several of them decided at once: first what will happen, then one by one, with one undo for all.
import Button from "antd/es/button";
import Modal from "antd/es/modal";
import Progress from "antd/es/progress";
import Radio from "antd/es/radio";
import { useMemo, useState } from "react";
import { ApiError, call } from "../api/client";
import type { ReviewRow, Line } from "../api/types";
import { changed } from "../api/use_api";
import { LineWho } from "../components/common";
import { ListPage, type Column, type Filter, type ListState } from "../components/list_page";
import { ReasonDialog } from "../components/reason_dialog";
import { moment, percent } from "../frame/format";
import { useNotify } from "../frame/notices";
import { Link, useFilters } from "../frame/router";
import { useDomain, useWords } from "../words/words";

export function usePhrases(): string[] {
  const { t } = useWords();
  return [t("review.phrase_teacher"), t("review.phrase_family"), t("review.phrase_paper"), t("review.phrase_known")];
}

function Side({ side }: { side: Line }) {
  const domain = useDomain();
  return (
    <>
      <LineWho line={side} />
      <div className="help">
        {[domain.name("registers", side.register), side.school, side.area_name].filter((part) => part).join(" · ")}
      </div>
    </>
  );
}

/** A pair, and the version of what was decided of it last. */
type Pair = Pick<ReviewRow, "pair" | "version">;

interface Outcome {
  done: Pair[];
  failed: { pair: number; error: ApiError }[];
}

/** Decides pair by pair; a pair that is refused does not stop the others. */
async function decideAll(
  pairs: Pair[],
  verdict: string,
  why: string,
  step: (done: number) => void,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [] };
  for (const { pair, version } of pairs) {
    try {
      const path = `/api/reviews/${pair}/decision`;
      if (verdict === "") outcome.done.push(await call<Pair>("DELETE", path, { why, version }));
      else outcome.done.push(await call<Pair>("POST", path, { verdict, why, version }));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      outcome.failed.push({ pair, error: cause });
    }
    step(outcome.done.length + outcome.failed.length);
  }
  changed();
  return outcome;
}

function DecideTogether({ state }: { state: ListState<ReviewRow> }) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const notify = useNotify();
  const phrases = usePhrases();
  const [pairs, setPairs] = useState<ReviewRow[]>();
  const [verdict, setVerdict] = useState("same");
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  const [failed, setFailed] = useState<Outcome["failed"]>([]);
  const open = pairs?.filter((row) => row.verdict === null) ?? [];
  const skipped = (pairs?.length ?? 0) - open.length;
  const run = async (why: string) => {
    setPairs(undefined);
    setProgress({ done: 0, total: open.length });
    const outcome = await decideAll(open, verdict, why, (done) => setProgress({ done, total: open.length }));
    setProgress(undefined);
    setFailed(outcome.failed);
    state.clear();
    notify(t("review.decided_many", { n: outcome.done.length }), {
      text: t("common.undo"),
      run: () => void decideAll(outcome.done, "", t("review.undo_why"), () => undefined),
    });
  };
  if (state.selected.length === 0 && !progress && failed.length === 0) return null;
  return (
    <>
      <Button type="primary" disabled={state.selected.length === 0} onClick={() => setPairs(state.selected)}>
        {t("review.together", { n: state.selected.length })}
      </Button>
      <ReasonDialog
        open={pairs !== undefined}
        title={t("review.together_title")}
        phrases={phrases}
        confirm={t("review.together_confirm", { n: open.length })}
        busy={false}
        error={undefined}
        onCancel={() => setPairs(undefined)}
        onConfirm={(why) => open.length > 0 && void run(why)}
      >
        <p>{t("review.together_will", { n: open.length, skipped })}</p>
        <Radio.Group
          value={verdict}
          aria-label={t("review.verdict")}
          onChange={(event) => setVerdict(String(event.target.value))}
          options={domain
            .list("verdicts")
            .map((word) => ({ value: word.key, label: domain.name("verdicts", word.key) }))}
        />
      </ReasonDialog>
      <Modal open={progress !== undefined} title={t("review.together_title")} footer={null} closable={false}>
        <Progress percent={progress ? Math.round((progress.done / Math.max(1, progress.total)) * 100) : 0} />
      </Modal>
      <Modal
        open={failed.length > 0}
        title={t("review.failed", { n: failed.length })}
        onCancel={() => setFailed([])}
        onOk={() => setFailed([])}
      >
        <ul>
          {failed.map((failure) => (
            <li key={failure.pair}>
              {failure.pair}: {pick(failure.error.body)}
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}

export default function ReviewsPage() {
  const { t } = useWords();
  const domain = useDomain();
  const [query] = useFilters();
  const decided = query.status === "decided";
  const filters = useMemo<Filter[]>(
    () => [
      {
        name: "status",
        label: t("review.status"),
        kind: "select",
        options: [
          { value: "", label: t("review.open") },
          { value: "decided", label: t("review.decided") },
        ],
      },
    ],
    [t],
  );
  const columns: Column<ReviewRow>[] = [
    {
      key: "pair",
      title: t("review.pair"),
      width: 80,
      render: (row) => <Link to={`/reviews/${row.pair}${decided ? "?status=decided" : ""}`}>{row.pair}</Link>,
    },
    { key: "left", title: t("review.left"), render: (row) => <Side side={row.left} /> },
    { key: "right", title: t("review.right"), render: (row) => <Side side={row.right} /> },
    { key: "probability", title: t("review.probability"), width: 110, render: (row) => percent(row.probability) },
    {
      key: "now",
      title: t("review.now"),
      width: 130,
      render: (row) => (row.joined ? t("review.joined") : t("review.apart")),
    },
  ];
  if (decided)
    columns.push({
      key: "verdict",
      title: t("review.verdict"),
      width: 220,
      render: (row) => (
        <>
          <strong>{row.verdict === null ? "" : domain.name("verdicts", row.verdict)}</strong> {row.why}
          <div className="help">
            {row.decided_by} {moment(row.decided_ms)}
          </div>
        </>
      ),
    });
  return (
    <ListPage<ReviewRow>
      title={t("reviews.title")}
      lead={t("reviews.lead")}
      path="/api/reviews"
      fixed={decided ? undefined : OPEN}
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.pair)}
      rowName={(row) => `${row.left.name ?? ""} ${row.right.name ?? ""}`}
      selectable={!decided}
      actions={(state) => <DecideTogether state={state} />}
      empty={decided ? t("reviews.empty_decided") : t("reviews.empty")}
    />
  );
}

const OPEN = { status: "open" };
