// Funds: what each level gave, what was spent, promised and is left; and the proof, summed up from the journal.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState } from "react";
import { call } from "../api/client";
import type { Fund, FundProject, FundProof } from "../api/pay";
import type { Rows } from "../api/types";
import { useAction, useApi } from "../api/use_api";
import { Page, Section } from "../components/page";
import { ActionError, Empty, Ready } from "../components/states";
import { count, yuan } from "../frame/format";
import { useWords } from "../words/words";

function Proof({ proof }: { proof: FundProof }) {
  const { t, pick } = useWords();
  const { sum } = proof;
  const counted = t("funds.root", {
    n: count(proof.payments),
    paid: count(proof.paid),
    refused: count(proof.refused),
    open: count(proof.open),
    transfers: count(proof.transfers),
    root: proof.root.slice(0, 16),
  });
  if (proof.holds)
    return (
      <Alert
        type="success"
        showIcon
        role="status"
        message={t("funds.holds", {
          received: yuan(sum.received_fen),
          paid: yuan(sum.paid_fen),
          returned: yuan(sum.returned_fen),
          pending: yuan(sum.pending_fen),
          allotted: yuan(sum.allotted_fen),
          unspent: yuan(sum.unspent_fen),
        })}
        description={counted}
      />
    );
  return (
    <Alert
      type="error"
      showIcon
      message={counted}
      description={proof.faults.map((row, i) => (
        <div key={i}>{t("funds.fault", { fault: pick(row.fault), number: row.number })}</div>
      ))}
    />
  );
}

/** The school projects of a fund: what was planned by which document, allotted and paid. */
function Projects({ fund }: { fund: Fund }) {
  const { t } = useWords();
  const answer = useApi<Rows<FundProject>>(`/api/funds/${encodeURIComponent(fund.fund)}/projects`);
  const heads = [t("funds.project_planned"), t("funds.project_allotted"), t("funds.project_paid"), t("funds.left")];
  return (
    <>
      <h3>{t("funds.projects")}</h3>
      <Ready answer={answer}>
        {({ rows }) => {
          if (rows.length === 0) return <Empty>{t("funds.projects_none")}</Empty>;
          const sums = (["planned_fen", "allotted_fen", "paid_fen", "left_fen"] as const).map((key) =>
            rows.reduce((sum, row) => sum + row[key], 0),
          );
          return (
            <div className="scroll">
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">{t("funds.project_name")}</th>
                    <th scope="col">{t("funds.document")}</th>
                    {heads.map((title) => (
                      <th key={title} scope="col" className="number">
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.project}>
                      <th scope="row">
                        {row.name} <span className="help">{row.school}</span>
                      </th>
                      <td>{row.document}</td>
                      {[row.planned_fen, row.allotted_fen, row.paid_fen, row.left_fen].map((fen, i) => (
                        <td key={i} className="number">
                          {yuan(fen)}
                        </td>
                      ))}
                    </tr>
                  ))}
                  <tr>
                    <th scope="row">{t("funds.project_sum")}</th>
                    <td />
                    {sums.map((fen, i) => (
                      <td key={i} className="number">
                        {yuan(fen)}
                      </td>
                    ))}
                  </tr>
                </tbody>
              </table>
            </div>
          );
        }}
      </Ready>
    </>
  );
}

function FundSection({ fund }: { fund: Fund }) {
  const { t, pick } = useWords();
  const [proof, setProof] = useState<FundProof>();
  const prove = useAction(async () => {
    setProof(await call<FundProof>("GET", `/api/funds/${encodeURIComponent(fund.fund)}/proof`));
  });
  return (
    <Section
      title={fund.name}
      extra={
        <Button size="small" loading={prove.busy} onClick={() => void prove.run()}>
          {t("funds.prove")}
        </Button>
      }
    >
      <p className="help">
        {t("funds.document")} {[fund.document, fund.area_name, fund.project ? t("funds.project") : ""]
          .filter((text) => text !== "")
          .join(t("list.separator"))}
      </p>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("funds.level")}</th>
              {[t("funds.share"), t("funds.in"), t("funds.out"), t("funds.pending"), t("funds.left")].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fund.levels.map((level) => (
              <tr key={level.level.key}>
                <th scope="row">{pick(level.level)}</th>
                <td className="number">{level.share / 100}%</td>
                <td className="number">{yuan(level.in_fen)}</td>
                <td className="number">{yuan(level.out_fen)}</td>
                <td className="number">{yuan(level.pending_fen)}</td>
                <td className="number">{yuan(level.left_fen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {fund.project && <Projects fund={fund} />}
      {proof && <Proof proof={proof} />}
      <ActionError error={prove.error} />
    </Section>
  );
}

export default function FundsPage() {
  const { t } = useWords();
  const funds = useApi<Rows<Fund>>("/api/funds");
  return (
    <Page title={t("funds.title")} lead={t("funds.lead")}>
      <Ready answer={funds}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty>{t("funds.empty")}</Empty>
          ) : (
            <>
              {rows.map((fund) => (
                <FundSection key={fund.fund} fund={fund} />
              ))}
            </>
          )
        }
      </Ready>
    </Page>
  );
}
