// Small pieces that several pages show.
import type { Line } from "../api/types";
import { count, percent } from "../frame/format";
import { Link } from "../frame/router";
import { useDomain, useWords } from "../words/words";
import { Mark, type Colour } from "./mark";

const QUEUE_COLOURS: Record<string, Colour> = {
  visit: "red",
  ask_elsewhere: "blue",
  fix_data: "gold",
  report_missing: "purple",
  pay: "green",
  collect: "grey",
  watch: "blue",
};

export function QueueTag({ queue }: { queue: string }) {
  const domain = useDomain();
  return <Mark colour={QUEUE_COLOURS[queue]}>{domain.name("queues", queue)}</Mark>;
}

export function Reasons({ keys, notes }: { keys: string[]; notes: { zh: string; en: string } | null }) {
  const domain = useDomain();
  const { t, pick } = useWords();
  return (
    <>
      {keys.map((key) => domain.name("reasons", key)).join(t("list.comma"))}
      {notes && <div className="help">{pick(notes)}</div>}
    </>
  );
}

/** A probability as a number and a bar; the number says everything, the bar is for the eye. */
export function Probability({ value }: { value: string }) {
  return (
    <span className="probability">
      <span className="probability-bar" aria-hidden="true">
        <span style={{ width: `${Math.max(0, Math.min(1, Number(value))) * 100}%` }} />
      </span>
      {percent(value)}
    </span>
  );
}

export function PersonLink({ person, name }: { person: number; name: string }) {
  const { t } = useWords();
  return <Link to={`/persons/${person}`}>{name === "" ? t("person.unnamed") : name}</Link>;
}

/** Who a record is of; of one outside the asker's area only where it is. */
export function LineWho({ line, plain }: { line: Line; plain?: boolean }) {
  const { t } = useWords();
  if (!line.visible) return <span className="help">{t("line.hidden", { area: line.area_name })}</span>;
  return (
    <>
      {line.person && !plain ? (
        <PersonLink person={line.person} name={line.name ?? ""} />
      ) : (
        <strong>{line.name}</strong>
      )}{" "}
      {line.birth_date}
    </>
  );
}

/** A number that leads to what it counts. */
export function CountLink({ n, to, label }: { n: number; to: string; label?: string }) {
  if (n === 0) return <span className="zero">0</span>;
  return (
    <Link to={to} aria-label={label ? `${label} ${count(n)}` : undefined}>
      {count(n)}
    </Link>
  );
}
