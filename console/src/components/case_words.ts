// What the fields of events in a case are called.
import type { Procedures } from "../api/types";
import { useWords, type WordKey } from "../words/words";

const LABELS: Record<string, WordKey> = {
  event: "case_sheet.event",
  day: "case.on",
  way: "case.way",
  who: "case.who",
  said: "case.said",
  note: "case.said",
  result: "case.result",
  step: "case.step",
  outcome: "case.outcome",
  evidence: "case.evidence",
  why: "history.reason",
  area: "finding.area",
  file: "case.file",
  queue: "finding.queue",
  kinds: "finding.kind",
  reason: "finding.reason",
  school: "finding.school",
};

/** The name of a field; undefined for those that are for the program alone. */
export function useCaseLabels(texts: Procedures | undefined): (key: string) => string | undefined {
  const { t, pick } = useWords();
  return (key) => {
    const field = texts?.fields.find((row) => row.key === key);
    return field ? pick(field) : LABELS[key] && t(LABELS[key]);
  };
}
