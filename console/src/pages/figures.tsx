// All figures, group by group: each number leads to its definition and to the rows that it counts.
import Input from "antd/es/input";
import Select from "antd/es/select";
import { useMemo } from "react";
import type { Figure, FigureName, Rows } from "../api/types";
import { withQuery } from "../api/client";
import { useApi } from "../api/use_api";
import { useAreaChoices } from "../components/areas";
import { EveryoneText, ValueText } from "../components/figures";
import { Page, Section } from "../components/page";
import { Ready } from "../components/states";
import { Link, useFilters } from "../frame/router";
import { useWords, type WordKey } from "../words/words";

const GROUPS: Record<string, WordKey> = {
  compulsory: "figures.group_compulsory",
  roll: "figures.group_roll",
  conditions: "figures.group_conditions",
  teachers: "figures.group_teachers",
  aid: "figures.group_aid",
  admission: "figures.group_admission",
  cooperation: "figures.group_cooperation",
};

function Group({ group, area, at }: { group: string; area: string; at: string }) {
  const { t, pick } = useWords();
  const answer = useApi<Rows<Figure>>(withQuery("/api/figures", { group, area, at }));
  const title = GROUPS[group] ? t(GROUPS[group]) : group;
  return (
    <Section title={title}>
      <Ready answer={answer}>
        {(figures) => (
          <div className="scroll">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{t("figures.figure")}</th>
                  <th scope="col" className="number">
                    {t("figures.value")}
                  </th>
                  <th scope="col">{t("figures.unit")}</th>
                  <th scope="col">{t("figures.period")}</th>
                  <th scope="col">{t("figures.verified")}</th>
                </tr>
              </thead>
              <tbody>
                {figures.rows.map((row) => (
                  <tr key={row.figure}>
                    <th scope="row">
                      <Link to={withQuery(`/figures/${row.figure}`, { area, at })}>{pick(row)}</Link>
                    </th>
                    <td className="number">
                      <ValueText value={row.value} withheld={row.withheld} />
                    </td>
                    <td>{pick(row.unit)}</td>
                    <td>{pick(row.period)}</td>
                    <td>
                      <EveryoneText everyone={row.everyone} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Ready>
    </Section>
  );
}

export default function FiguresPage() {
  const { t } = useWords();
  const [query, set] = useFilters();
  const choices = useAreaChoices(["county", "township"]);
  const names = useApi<Rows<FigureName>>("/api/figures/names");
  const groups = useMemo(
    () => (names.data?.rows ?? []).map((row) => row.group).filter((group, i, all) => all.indexOf(group) === i),
    [names.data],
  );
  return (
    <Page title={t("figures.title")} lead={t("figures.lead")} actions={<Link to="/article">{t("figures.check")}</Link>}>
      <div className="filters">
        <div className="filter">
          <label htmlFor="figures-area">{t("figures.area")}</label>
          <Select
            id="figures-area"
            style={{ width: 260 }}
            showSearch
            optionFilterProp="label"
            value={query.area ?? ""}
            onChange={(area) => set({ area })}
            options={choices}
          />
        </div>
        <div className="filter">
          <label htmlFor="figures-at">{t("figures.at")}</label>
          <Input
            id="figures-at"
            type="date"
            style={{ width: 150 }}
            value={query.at ?? ""}
            onChange={(event) => set({ at: event.target.value })}
          />
        </div>
      </div>
      <Ready answer={names}>
        {() => (
          <>
            {groups.map((group) => (
              <Group key={group} group={group} area={query.area ?? ""} at={query.at ?? ""} />
            ))}
          </>
        )}
      </Ready>
    </Page>
  );
}
