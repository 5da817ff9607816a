// The registers: what each office has sent so far, and how old it is.
import type { RegisterState } from "../api/types";
import { useApi } from "../api/use_api";
import { Mark } from "../components/mark";
import { Page } from "../components/page";
import { Ready } from "../components/states";
import { age, count, daysSince, moment } from "../frame/format";
import { useWords } from "../words/words";

const STALE_DAYS = 90;

export default function RegistersPage() {
  const { t, pick } = useWords();
  const answer = useApi<{ rows: RegisterState[] }>("/api/registers");
  const now = Date.now();
  return (
    <Page title={t("registers.title")} lead={t("registers.lead")}>
      <Ready answer={answer}>
        {(list) => (
          <div className="section">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{t("import.register")}</th>
                  <th scope="col" className="number">
                    {t("registers.statements")}
                  </th>
                  <th scope="col">{t("registers.newest_day")}</th>
                  <th scope="col">{t("registers.last_import")}</th>
                  <th scope="col">{t("registers.state")}</th>
                </tr>
              </thead>
              <tbody>
                {list.rows.map((row) => (
                  <tr key={row.register}>
                    <th scope="row">{pick(row)}</th>
                    <td className="number">{count(row.statements)}</td>
                    <td>{row.newest_day ?? "–"}</td>
                    <td>
                      {row.last_import_ms === null
                        ? "–"
                        : `${moment(row.last_import_ms)} (${age(row.last_import_ms, now, t)})`}
                    </td>
                    <td>
                      {row.last_import_ms === null ? (
                        <Mark>{t("registers.never")}</Mark>
                      ) : daysSince(row.last_import_ms, now) > STALE_DAYS ? (
                        <Mark colour="gold">{t("registers.stale", { n: STALE_DAYS })}</Mark>
                      ) : (
                        <Mark colour="green">{t("registers.fresh")}</Mark>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Ready>
    </Page>
  );
}
