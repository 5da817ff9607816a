// Labelled fields of the forms about one's own account.
import Input, { type InputProps } from "antd/es/input";
import { useWords } from "../words/words";

type FieldProps = Omit<InputProps, "onChange"> & {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
};

export function Field({ label, onChange, ...input }: FieldProps) {
  return (
    <>
      <label className="field-label" htmlFor={input.id}>
        {label}
      </label>
      <Input required {...input} onChange={(event) => onChange(event.target.value)} />
    </>
  );
}

/** The six digits of the second factor; what is no digit is left out while it is typed. */
export function CodeField({ onChange, ...input }: Omit<FieldProps, "label">) {
  const { t } = useWords();
  return (
    <Field
      label={t("login.code")}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={8}
      {...input}
      onChange={(value) => onChange(value.replace(/\D/g, ""))}
    />
  );
}
