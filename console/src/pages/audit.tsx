// The trail, for the auditor: who did what to what, when and why; and whether the chain is whole.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useMemo, useState } from "react";
import { call } from "../api/client";
import type { AuditEntry } from "../api/types";
import { useAction } from "../api/use_api";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { ActionError } from "../components/states";
import { moment } from "../frame/format";
import { useDomain, useWords } from "../words/words";

interface Verified {
  whole: boolean;
  broken_at: number | null;
  root: string;
}

export default function AuditPage() {
  const { t } = useWords();
  const domain = useDomain();
  const [verified, setVerified] = useState<Verified>();
  const verify = useAction(async () => setVerified(await call<Verified>("GET", "/api/audit/verify")));
  const filters = useMemo<Filter[]>(
    () => [
      { name: "user", label: t("history.user"), kind: "text", width: 130 },
      {
        name: "action",
        label: t("history.action"),
        kind: "select",
        width: 190,
        options: [{ value: "", label: t("list.all") }, ...domain.options("actions")],
      },
      { name: "object", label: t("audit.object"), kind: "text", width: 150 },
      { name: "from", label: t("audit.from"), kind: "day" },
      { name: "to", label: t("audit.to"), kind: "day" },
    ],
    [t, domain],
  );
  const columns: Column<AuditEntry>[] = [
    { key: "entry", title: t("audit.entry"), width: 80, align: "right", render: (row) => row.number },
    { key: "at", title: t("history.at"), width: 150, render: (row) => moment(row.at_ms) },
    { key: "user", title: t("history.user"), width: 140, render: (row) => row.user },
    { key: "action", title: t("history.action"), width: 160, render: (row) => domain.name("actions", row.action) },
    { key: "object", title: t("audit.object"), width: 200, render: (row) => row.object },
    { key: "reason", title: t("history.reason"), render: (row) => row.reason },
  ];
  return (
    <ListPage<AuditEntry>
      title={t("audit.title")}
      lead={t("audit.lead")}
      path="/api/audit"
      filters={filters}
      columns={columns}
      rowKey={(row) => String(row.number)}
      actions={() => (
        <Button type="primary" loading={verify.busy} onClick={() => void verify.run()}>
          {t("audit.verify")}
        </Button>
      )}
      before={
        <>
          <ActionError error={verify.error} />
          {verified && (
            <Alert
              className="error-state"
              type={verified.whole ? "success" : "error"}
              showIcon
              message={verified.whole ? t("audit.whole") : t("audit.broken", { n: verified.broken_at ?? 0 })}
              description={t("audit.root", { root: verified.root })}
            />
          )}
        </>
      }
      empty={t("audit.empty")}
    />
  );
}
