// Two people changed one thing: what the other wrote stands beside what one wanted, field by field. Nothing was written
// over; one keeps one or the other, knowing both.
import Button from "antd/es/button";
import Radio from "antd/es/radio";
import { useState, type ReactNode } from "react";
import type { ApiError } from "../api/client";
import { moment } from "../frame/format";
import { useWords } from "../words/words";

/** What the server says beside "error" when somebody else was first. */
export interface Clash<T, Y = T> {
  theirs: T & { by: string; at_ms: number; version: number };
  yours: Y;
}

/** The clash that an error tells of, if it is one. */
export function clashOf<T, Y = T>(error: ApiError | undefined): Clash<T, Y> | undefined {
  return error?.clash as Clash<T, Y> | undefined;
}

export interface ClashField {
  key: string;
  label: string;
  theirs: ReactNode;
  yours: ReactNode;
}

interface ConflictProps {
  by: string;
  at_ms: number;
  fields: ClashField[];
  /** The fields belong together: all theirs or all yours. */
  together?: boolean;
  busy: boolean;
  /** Keeps what stands there. */
  keepTheirs: () => void;
  /** Writes yours where `mine` says so (all fields when they belong together). */
  write: (mine: (key: string) => boolean) => void;
}

export function Conflict({ by, at_ms, fields, together, busy, keepTheirs, write }: ConflictProps) {
  const { t } = useWords();
  const [mine, setMine] = useState<string[]>(fields.map((field) => field.key));
  const choose = (key: string, own: boolean) =>
    setMine((now) => (own ? [...now.filter((one) => one !== key), key] : now.filter((one) => one !== key)));
  const cell = (field: ClashField, own: boolean) =>
    together ? (
      field[own ? "yours" : "theirs"]
    ) : (
      <Radio
        name={`conflict-${field.key}`}
        checked={mine.includes(field.key) === own}
        onChange={() => choose(field.key, own)}
      >
        {field[own ? "yours" : "theirs"]}
      </Radio>
    );
  return (
    <div className="conflict" role="alert">
      <p>
        <strong>{t("conflict.title", { by, at: moment(at_ms) })}</strong> {t("conflict.lead")}
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("conflict.field")}</th>
            <th scope="col">{t("conflict.theirs", { by })}</th>
            <th scope="col">{t("conflict.yours")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.key}>
              <th scope="row">{field.label}</th>
              <td>{cell(field, false)}</td>
              <td>{cell(field, true)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <Button disabled={busy} onClick={keepTheirs}>
          {t("conflict.keep_theirs")}
        </Button>{" "}
        <Button
          type="primary"
          loading={busy}
          disabled={!together && mine.length === 0}
          onClick={() => write((key) => together === true || mine.includes(key))}
        >
          {together ? t("conflict.write_mine") : t("conflict.write_chosen")}
        </Button>
      </p>
    </div>
  );
}
