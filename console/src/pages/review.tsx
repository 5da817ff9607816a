// One doubtful pair: both records field by field, and a decision by keyboard: 1 same, 2 different, 3 visit, then a
// reason; J and K go on and back, U takes the decision back, now or at any later time.
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useEffect, useRef, useState, type InputHTMLAttributes } from "react";
import { call, type ApiError } from "../api/client";
import type { PersonRecord, Review, ReviewRow, Line, Rows } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { LineWho } from "../components/common";
import { Compare } from "../components/compare";
import { Conflict, clashOf } from "../components/conflict";
import { Page, Section } from "../components/page";
import { ActionError, Ready } from "../components/states";
import { bits, moment, percent } from "../frame/format";
import { useKeys } from "../frame/keys";
import { useNotify } from "../frame/notices";
import type { PageProps } from "../frame/pages";
import { Link, useFilters, useRouter } from "../frame/router";
import { useDomain, useWords } from "../words/words";
import { Source } from "./person";
import { usePhrases } from "./reviews";

const VERDICTS = ["same", "different", "visit"] as const;

/** The pairs in the order in which the list was when the first was opened, so that deciding does not shift them. */
function useOrder(status: string): number[] {
  const answer = useApi<Rows<ReviewRow>>(`/api/reviews?status=${status}&page=1&page_size=500`);
  const order = useRef<number[]>([]);
  for (const row of answer.data?.rows ?? []) if (!order.current.includes(row.pair)) order.current.push(row.pair);
  return order.current;
}

function Others({ title, others }: { title: string; others: Line[] }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <Section title={title}>
      {others.length === 0 && <p className="help">{t("review.no_others")}</p>}
      <ul className="findings">
        {others.map((other) => (
          <li key={`${other.register}.${other.statement}`}>
            {domain.name("registers", other.register)} · <LineWho line={other} /> {other.school}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function RecordHead({ title, side, record }: { title: string; side: Line; record: PersonRecord }) {
  return (
    <div className="card">
      <h3>{title}</h3>
      <p>
        <LineWho line={side} /> {side.school} {side.area_name}
      </p>
      {record.visible && <Source record={record} />}
    </div>
  );
}

interface WhyProps {
  verdict: string;
  busy: boolean;
  decide: (why: string) => void;
  cancel: () => void;
}

function Why({ verdict, busy, decide, cancel }: WhyProps) {
  const { t } = useWords();
  const domain = useDomain();
  const phrases = usePhrases();
  const [why, setWhy] = useState("");
  const [asked, setAsked] = useState(false);
  const submit = () => {
    setAsked(true);
    if (why.trim() !== "") decide(why.trim());
  };
  const digits: InputHTMLAttributes<HTMLInputElement>["onKeyDown"] = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") cancel();
    const phrase = why === "" ? phrases[Number(event.key) - 1] : undefined;
    if (!phrase) return;
    event.preventDefault();
    decide(phrase);
  };
  return (
    <div className="why" role="group" aria-label={t("reason.label")}>
      <label className="field-label" htmlFor="why">
        <strong>{domain.name("verdicts", verdict)}</strong> · {t("review.why")}
      </label>
      <Input
        id="why"
        autoFocus
        value={why}
        maxLength={200}
        status={asked && why.trim() === "" ? "error" : undefined}
        onChange={(event) => setWhy(event.target.value)}
        onKeyDown={digits}
        onPressEnter={submit}
      />
      <div className="phrases">
        {phrases.map((phrase, i) => (
          <Button key={phrase} size="small" disabled={busy} onClick={() => decide(phrase)}>
            <kbd>{i + 1}</kbd> {phrase}
          </Button>
        ))}
      </div>
      <Button type="primary" loading={busy} onClick={submit}>
        {t("review.decide")}
      </Button>{" "}
      <Button onClick={cancel}>{t("common.cancel")}</Button>
    </div>
  );
}

function Verdict({ review, undo, busy }: { review: Review; undo: () => void; busy: boolean }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <p className="decided">
      <strong>{domain.name("verdicts", review.verdict ?? "")}</strong> · {review.why}{" "}
      <span className="help">
        {review.decided_by} {moment(review.decided_ms)}
      </span>{" "}
      <Button loading={busy} onClick={undo} aria-keyshortcuts="u">
        {t("review.take_back")} <kbd>U</kbd>
      </Button>
    </p>
  );
}

/** A decision, as one may take it back. */
interface Decided {
  pair: number;
  version: number;
}

interface Wanted {
  verdict: string | null;
  why: string;
}

interface RefusedProps {
  error: ApiError | undefined;
  busy: boolean;
  keepTheirs: () => void;
  again: (wanted: Wanted, version: number) => void;
}

/** Why a decision was not kept; when a colleague was first, theirs beside one's own. */
function Refused({ error, busy, keepTheirs, again }: RefusedProps) {
  const { t } = useWords();
  const domain = useDomain();
  const clash = clashOf<Wanted>(error);
  if (!clash) return <ActionError error={error} />;
  const { theirs, yours } = clash;
  const verdict = (wanted: Wanted) =>
    wanted.verdict === null ? t("review.undecided") : domain.name("verdicts", wanted.verdict);
  return (
    <Conflict
      key={theirs.version}
      by={theirs.by}
      at_ms={theirs.at_ms}
      together
      busy={busy}
      fields={[
        { key: "verdict", label: t("review.verdict"), theirs: verdict(theirs), yours: verdict(yours) },
        { key: "why", label: t("history.reason"), theirs: theirs.why, yours: yours.why },
      ]}
      keepTheirs={keepTheirs}
      write={() => again(yours, theirs.version)}
    />
  );
}

export default function ReviewPage({ params }: PageProps) {
  const { t } = useWords();
  const domain = useDomain();
  const { go } = useRouter();
  const [query] = useFilters();
  const notify = useNotify();
  const status = query.status === "decided" ? "decided" : "open";
  const order = useOrder(status);
  const pair = Number(params.pair);
  const at = order.indexOf(pair);
  const answer = useApi<Review>(`/api/reviews/${pair}`);
  const review = answer.data;
  const [verdict, setVerdict] = useState<string>();
  const last = useRef<Decided>();
  const suffix = status === "decided" ? "?status=decided" : "";
  const open = (number: number | undefined) => number !== undefined && go(`/reviews/${number}${suffix}`);
  const next = order[at + 1];
  const previous = at > 0 ? order[at - 1] : undefined;

  const decide = useAction(async (chosen: string, why: string, version: number) => {
    const made = await call<Decided>("POST", `/api/reviews/${pair}/decision`, { verdict: chosen, why, version });
    last.current = made;
    notify(t("review.done", { pair, verdict: domain.name("verdicts", chosen) }), {
      text: t("common.undo"),
      run: () => void takeBack.run(made),
    });
    setVerdict(undefined);
    changed();
    open(next);
  });
  const takeBack = useAction(async ({ pair: number, version }: Decided) => {
    await call("DELETE", `/api/reviews/${number}/decision`, { why: t("review.undo_why"), version });
    notify(t("review.taken_back", { pair: number }));
    changed();
    if (number !== pair) open(number);
  });
  const undo = () => {
    const made = review && review.verdict !== null ? review : last.current;
    if (made !== undefined) void takeBack.run(made);
  };
  const clearDecide = decide.clear;
  const clearTakeBack = takeBack.clear;
  const settled = () => {
    clearDecide();
    clearTakeBack();
    setVerdict(undefined);
    changed();
  };
  // What was refused for one pair says nothing of the next.
  useEffect(() => {
    setVerdict(undefined);
    clearDecide();
    clearTakeBack();
  }, [pair, clearDecide, clearTakeBack]);
  const choose = (chosen: string) => review && review.verdict === null && setVerdict(chosen);
  useKeys({
    "1": () => choose("same"),
    "2": () => choose("different"),
    "3": () => choose("visit"),
    j: () => open(next),
    k: () => open(previous),
    u: undo,
  });

  return (
    <Page
      title={t("review.title", { pair })}
      lead={
        <>
          {at >= 0 && t("review.place", { n: at + 1, total: order.length })}{" "}
          <Link to={`/reviews${suffix}`}>{t("review.list")}</Link>
        </>
      }
      actions={
        <>
          <Button disabled={previous === undefined} onClick={() => open(previous)}>
            {t("review.previous")} <kbd>K</kbd>
          </Button>
          <Button disabled={next === undefined} onClick={() => open(next)}>
            {t("review.next")} <kbd>J</kbd>
          </Button>
        </>
      }
    >
      <Ready answer={answer}>
        {(data) => (
          <>
            <div className="verdict-bar">
              <p>
                {t("review.chance", { p: percent(data.probability) })} ·{" "}
                {t("compare.total", { bits: bits(data.weight_millibits) })} ·{" "}
                {data.joined ? t("review.joined") : t("review.apart")}
              </p>
              {data.verdict !== null ? (
                <Verdict review={data} undo={undo} busy={takeBack.busy} />
              ) : verdict === undefined ? (
                <div className="verdicts">
                  {VERDICTS.map((key, i) => (
                    <Button key={key} size="large" onClick={() => choose(key)} aria-keyshortcuts={String(i + 1)}>
                      <kbd>{i + 1}</kbd> {domain.name("verdicts", key)}
                    </Button>
                  ))}
                </div>
              ) : (
                <Why
                  verdict={verdict}
                  busy={decide.busy}
                  decide={(why) => void decide.run(verdict, why, data.version)}
                  cancel={() => setVerdict(undefined)}
                />
              )}
              <Refused
                error={decide.error ?? takeBack.error}
                busy={decide.busy || takeBack.busy}
                keepTheirs={settled}
                again={(wanted, version) =>
                  wanted.verdict === null
                    ? void takeBack.run({ pair, version })
                    : void decide.run(wanted.verdict, wanted.why, version)
                }
              />
            </div>
            <Section title={t("review.fields")}>
              <Compare
                fields={data.fields}
                left={{ title: domain.name("registers", data.left.register), register: data.left.register }}
                right={{ title: domain.name("registers", data.right.register), register: data.right.register }}
              />
              <p className="help">{t("compare.legend")}</p>
            </Section>
            <div className="halves">
              <RecordHead title={t("review.left")} side={data.left} record={data.left_record} />
              <RecordHead title={t("review.right")} side={data.right} record={data.right_record} />
              <Others title={t("review.left_others")} others={data.left_others} />
              <Others title={t("review.right_others")} others={data.right_others} />
            </div>
          </>
        )}
      </Ready>
    </Page>
  );
}
