// Aid by scheme: how many are entitled and how much is due, what was paid, and who was not helped or helped wrongly.
import Select from "antd/es/select";
import type { AidScheme, Rows } from "../api/types";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { CountLink } from "../components/common";
import { Page } from "../components/page";
import { Empty, Ready } from "../components/states";
import { periodName, yuan } from "../frame/format";
import { Link, useFilters } from "../frame/router";
import { useDomain, useWords } from "../words/words";

const KINDS = ["aid_missed", "aid_undue", "aid_twice", "aid_unknown", "aid_late"];

function Table({ rows, area }: { rows: AidScheme[]; area: string }) {
  const { t, pick } = useWords();
  const domain = useDomain();
  const list = (row: AidScheme, query: Record<string, string>) => withQuery(`/aid/${row.key}`, { area, ...query });
  return (
    <div className="scroll">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("aid.scheme")}</th>
            <th scope="col">{t("aid.period")}</th>
            <th scope="col" className="number">
              {t("aid.entitled")}
            </th>
            <th scope="col" className="number">
              {t("aid.due")}
            </th>
            <th scope="col" className="number">
              {t("aid.paid")}
            </th>
            <th scope="col" className="number">
              {t("aid.paid_yuan")}
            </th>
            <th scope="col" className="number">
              {t("aid.unknown")}
            </th>
            {KINDS.map((kind) => (
              <th scope="col" className="number" key={kind}>
                {domain.name("finding_kinds", kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <Link to={list(row, {})}>{pick(row)}</Link>
              </th>
              <td className="nowrap">{periodName(row.period, t)}</td>
              <td className="number">
                <CountLink n={row.yes} to={list(row, { verdict: "yes" })} label={pick(row)} />
              </td>
              <td className="number">{yuan(row.due_fen)}</td>
              <td className="number">
                <CountLink n={row.paid} to={list(row, { paid: "true" })} label={pick(row)} />
              </td>
              <td className="number">{yuan(row.paid_fen)}</td>
              <td className="number">
                <CountLink n={row.unknown} to={list(row, { verdict: "unknown" })} label={pick(row)} />
              </td>
              {KINDS.map((kind) => (
                <td className="number" key={kind}>
                  <CountLink
                    n={row.findings[kind] ?? 0}
                    to={withQuery("/findings", { kind, scheme: row.key, area })}
                    label={`${pick(row)} ${domain.name("finding_kinds", kind)}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function AidPage() {
  const { t } = useWords();
  const areas = useAreaChoices();
  const [query, set] = useFilters();
  const area = query.area ?? "";
  const answer = useApi<Rows<AidScheme>>(withQuery("/api/aid/schemes", { area }));
  return (
    <Page title={t("aid.title")} lead={t("aid.lead")}>
      <div className="filters">
        <div className="filter">
          <label htmlFor="aid-area">{t("finding.area")}</label>
          <Select
            id="aid-area"
            style={{ width: 260 }}
            value={area}
            showSearch
            optionFilterProp="label"
            options={areas}
            onChange={(value) => set({ area: value })}
          />
        </div>
      </div>
      <Ready answer={answer}>
        {(list) =>
          list.total === 0 ? (
            <Empty>{t("aid.empty")}</Empty>
          ) : (
            <Table rows={list.rows.filter((row) => row.yes + row.no + row.unknown > 0)} area={area} />
          )
        }
      </Ready>
    </Page>
  );
}
