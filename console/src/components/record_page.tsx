// The pattern of a page about one thing: what it is, what can be done with it, its parts, and its history at the end.
import type { ReactNode } from "react";
import type { HistoryEntry } from "../api/types";
import type { Answer } from "../api/use_api";
import { moment } from "../frame/format";
import { useDomain, useWords } from "../words/words";
import { Facts, Page, Section } from "./page";
import { Empty, Ready } from "./states";

interface RecordPageProps<T> {
  answer: Answer<T>;
  /** While the record is being read. */
  opening: string;
  title: (data: T) => string;
  lead?: (data: T) => ReactNode;
  facts: (data: T) => { label: string; value: ReactNode }[];
  actions?: (data: T) => ReactNode;
  history?: (data: T) => HistoryEntry[];
  children: (data: T) => ReactNode;
}

export function RecordPage<T>(props: RecordPageProps<T>) {
  const { data } = props.answer;
  return (
    <Page
      title={data === undefined ? props.opening : props.title(data)}
      lead={data === undefined ? undefined : props.lead?.(data)}
      actions={data === undefined ? undefined : props.actions?.(data)}
    >
      <Ready answer={props.answer}>
        {(ready) => (
          <>
            <Facts items={props.facts(ready)} />
            {props.children(ready)}
            {props.history && <History entries={props.history(ready)} />}
          </>
        )}
      </Ready>
    </Page>
  );
}

function History({ entries }: { entries: HistoryEntry[] }) {
  const { t } = useWords();
  const domain = useDomain();
  return (
    <Section title={t("history.title")}>
      {entries.length === 0 ? (
        <Empty>{t("history.none")}</Empty>
      ) : (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("history.at")}</th>
              <th scope="col">{t("history.user")}</th>
              <th scope="col">{t("history.action")}</th>
              <th scope="col">{t("history.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, i) => (
              <tr key={i}>
                <td className="nowrap">{moment(entry.at_ms)}</td>
                <td>{entry.user}</td>
                <td>{domain.name("actions", entry.action)}</td>
                <td>{entry.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
