// The cases of a child, open and closed, each with where it stands and what is owed next.
import type { CaseRow } from "../api/types";
import { useApi } from "../api/use_api";
import { Link } from "../frame/router";
import { useDomain, useWords } from "../words/words";
import { Mark } from "./mark";
import { Section } from "./page";
import { Ready } from "./states";

export function PersonCases({ person }: { person: string }) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const answer = useApi<{ rows: CaseRow[] }>(`/api/cases?person=${person}&status=all`);
  if (answer.data?.rows.length === 0) return null;
  return (
    <Section title={t("case.title")}>
      <Ready answer={answer}>
        {({ rows }) => (
          <ul className="findings">
            {rows.map((row) => (
              <li key={row.case}>
                <Link to={`/cases/${row.case}`}>{pick(row.procedure)}</Link>{" "}
                <Mark>{row.state ? pick(row.state) : domain.name("statuses", row.status)}</Mark>
                {row.step && (
                  <span className="help">
                    {pick(row.step)} {row.due}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Ready>
    </Section>
  );
}
