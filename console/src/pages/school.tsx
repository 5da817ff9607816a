// One school, and the open findings about its children.
import { useMemo } from "react";
import type { Finding, Rows, School } from "../api/types";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { PersonLink, Probability, QueueTag, Reasons } from "../components/common";
import { Section } from "../components/page";
import { RecordPage } from "../components/record_page";
import { Empty, Ready } from "../components/states";
import { count, moment } from "../frame/format";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useDomain, useWords } from "../words/words";

const SHOWN = 50;

function SchoolFindings({ code }: { code: string }) {
  const { t } = useWords();
  const domain = useDomain();
  const query = useMemo(() => ({ school: code, page_size: SHOWN }), [code]);
  const answer = useApi<Rows<Finding>>(withQuery("/api/findings", query));
  return (
    <Section
      title={t("schools.findings")}
      extra={<Link to={withQuery("/findings", { school: code })}>{t("queue.all")}</Link>}
    >
      <Ready answer={answer}>
        {(list) =>
          list.rows.length === 0 ? (
            <Empty>{t("schools.no_findings")}</Empty>
          ) : (
            <table className="plain">
              <tbody>
                {list.rows.map((row) => (
                  <tr key={row.finding}>
                    <th scope="row">
                      {row.person !== null ? <PersonLink person={row.person} name={row.name} /> : row.school}
                    </th>
                    <td>{row.birth_date}</td>
                    <td>{domain.name("finding_kinds", row.kind)}</td>
                    <td>
                      <Reasons keys={row.reason} notes={row.notes} />
                    </td>
                    <td>
                      <QueueTag queue={row.queue} />
                    </td>
                    <td>
                      <Probability value={row.probability} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Ready>
    </Section>
  );
}

export default function SchoolPage({ params }: PageProps) {
  const { t } = useWords();
  const domain = useDomain();
  const answer = useApi<School>(`/api/schools/${encodeURIComponent(params.code)}`);
  return (
    <RecordPage
      answer={answer}
      opening={params.code}
      title={(school) => school.name}
      lead={() => <Link to="/schools">{t("schools.title")}</Link>}
      facts={(school) => [
        { label: t("schools.code"), value: <span className="mono">{school.code}</span> },
        { label: t("finding.area"), value: school.area_name },
        {
          label: t("schools.stages"),
          value: school.stages.map((key) => domain.name("stages", key)).join(t("list.comma")),
        },
        { label: t("schools.on_roll"), value: count(school.on_roll) },
        { label: t("schools.attending"), value: count(school.attending) },
        { label: t("schools.reported"), value: school.reported ? t("schools.yes") : t("schools.no") },
        { label: t("schools.last_file"), value: moment(school.last_file_ms) },
      ]}
    >
      {(school) => <SchoolFindings code={school.code} />}
    </RecordPage>
  );
}
