// One's own password and second factor.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import QRCode from "antd/es/qr-code";
import { useState, type FormEvent } from "react";
import { call } from "../api/client";
import { useAction } from "../api/use_api";
import { CodeField, Field } from "../components/fields";
import { Facts, Page, Section } from "../components/page";
import { ActionError } from "../components/states";
import { useNotify } from "../frame/notices";
import { useSession } from "../frame/session";
import { useDomain, useWords } from "../words/words";
import { PasswordForm } from "./login";

function SetUpFactor() {
  const { t } = useWords();
  const { askAgain } = useSession();
  const notify = useNotify();
  const [secret, setSecret] = useState<{ secret: string; uri: string }>();
  const [code, setCode] = useState("");
  const begin = useAction(async () => setSecret(await call("POST", "/api/session/second-factor")));
  const confirm = useAction(async () => {
    await call("PUT", "/api/session/second-factor", { code });
    notify(t("factor.on_now"));
    await askAgain();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void confirm.run();
  };
  if (!secret)
    return (
      <>
        <p>{t("factor.off")}</p>
        <Button type="primary" loading={begin.busy} onClick={() => void begin.run()}>
          {t("factor.set_up")}
        </Button>
        <ActionError error={begin.error} />
      </>
    );
  return (
    <form onSubmit={submit}>
      <p>{t("factor.scan")}</p>
      <QRCode value={secret.uri} size={180} bgColor="#fff" color="#000" />
      <p>
        {t("factor.secret")} <span className="mono">{secret.secret}</span>
      </p>
      <CodeField id="factor-code" value={code} onChange={setCode} />
      <ActionError error={confirm.error} />
      <p>
        <Button type="primary" htmlType="submit" loading={confirm.busy}>
          {t("factor.confirm")}
        </Button>
      </p>
    </form>
  );
}

function RemoveFactor() {
  const { t } = useWords();
  const { askAgain } = useSession();
  const [password, setPassword] = useState("");
  const remove = useAction(async () => {
    await call("DELETE", "/api/session/second-factor", { password });
    await askAgain();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void remove.run();
  };
  return (
    <form onSubmit={submit}>
      <Alert type="success" showIcon message={t("factor.on")} />
      <Field
        id="factor-password"
        label={t("login.password")}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <ActionError error={remove.error} />
      <p>
        <Button danger htmlType="submit" loading={remove.busy}>
          {t("factor.remove")}
        </Button>
      </p>
    </form>
  );
}

export default function AccountPage() {
  const { t, lang } = useWords();
  const { session } = useSession();
  const domain = useDomain();
  const notify = useNotify();
  if (!session) return null;
  return (
    <Page title={t("account.title")}>
      <Facts
        items={[
          { label: t("login.user"), value: session.user },
          { label: t("users.display_name"), value: session.display_name },
          { label: t("users.role"), value: lang === "zh" ? session.role_zh : session.role_en },
          {
            label: t("users.areas"),
            value: session.areas.map((area) => area.name).join(t("list.comma")) || session.school,
          },
          {
            label: t("users.capabilities"),
            value: session.capabilities.map((key) => domain.name("capabilities", key)).join(t("list.comma")),
          },
        ]}
      />
      <div className="halves">
        <Section title={t("password.title")}>
          <PasswordForm done={() => notify(t("password.changed"))} />
        </Section>
        <Section title={t("factor.title")}>{session.second_factor ? <RemoveFactor /> : <SetUpFactor />}</Section>
      </div>
    </Page>
  );
}
