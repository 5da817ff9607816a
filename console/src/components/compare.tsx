// Two records field by field: what each says, how near they are, and the bits for or against. Weight is said by a
// number, a sign and the length of a bar; the colour only repeats it.
import type { ComparedField } from "../api/types";
import { bits } from "../frame/format";
import { useDomain, useWords } from "../words/words";

const STRONG_MILLIBITS = 4000;
const BAR_MILLIBITS = 16000;

function leaning(millibits: number): string {
  if (millibits >= STRONG_MILLIBITS) return "for-strong";
  if (millibits > 0) return "for";
  if (millibits <= -STRONG_MILLIBITS) return "against-strong";
  return millibits < 0 ? "against" : "silent";
}

function Weight({ millibits }: { millibits: number }) {
  const width = Math.min(1, Math.abs(millibits) / BAR_MILLIBITS) * 50;
  return (
    <span className="weight">
      <span className="weight-bar" aria-hidden="true">
        <span style={millibits < 0 ? { right: "50%", width: `${width}%` } : { left: "50%", width: `${width}%` }} />
      </span>
      <span className="weight-number">{millibits === 0 ? "0" : bits(millibits)}</span>
    </span>
  );
}

export interface ComparedSide {
  title: string;
  /** The register whose words the values are in. */
  register: string;
}

interface CompareProps {
  fields: ComparedField[];
  left: ComparedSide;
  right: ComparedSide;
}

export function Compare({ fields, left, right }: CompareProps) {
  const { t, lang, pick } = useWords();
  const domain = useDomain();
  return (
    <table className="plain compare">
      <thead>
        <tr>
          <th scope="col">{t("compare.field")}</th>
          <th scope="col">{left.title}</th>
          <th scope="col">{right.title}</th>
          <th scope="col">{t("compare.level")}</th>
          <th scope="col">{t("compare.bits")}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field, i) => (
          <tr key={`${field.field}.${i}`} className={leaning(field.millibits)}>
            <th scope="row">{pick(field)}</th>
            <td>{domain.value(left.register, field.field, field.left) || "–"}</td>
            <td>{domain.value(right.register, field.field, field.right) || "–"}</td>
            <td>{lang === "zh" ? field.level_zh : field.level_en}</td>
            <td>
              <Weight millibits={field.millibits} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
