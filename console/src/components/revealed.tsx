// Numbers in full, for as long as the page stays open.
import Alert from "antd/es/alert";
import type { Revealed } from "../api/types";
import { useDomain, useWords } from "../words/words";

export function RevealedValues({ revealed }: { revealed: Revealed }) {
  const { t } = useWords();
  const domain = useDomain();
  const phones = revealed.phones.join(t("list.comma"));
  const others = revealed.values.filter((said) => said.field !== "id_number" && said.field !== "phone");
  return (
    <Alert
      type="info"
      className="revealed"
      message={t("reveal.shown")}
      description={
        <dl className="facts">
          <div>
            <dt>{domain.name("fields", "id_number")}</dt>
            <dd className="mono">{revealed.id_number || "–"}</dd>
          </div>
          <div>
            <dt>{domain.name("fields", "phone")}</dt>
            <dd className="mono">{phones || "–"}</dd>
          </div>
          {others.map((said, i) => (
            <div key={i}>
              <dt>{domain.name("fields", said.field)}</dt>
              <dd className="mono">{said.value}</dd>
            </div>
          ))}
        </dl>
      }
    />
  );
}
