// Logging in: name and password, then the code of the second factor where one is set; the first password is changed
// before anything else is shown. A wrong name and a wrong password say the same.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState, type FormEvent, type ReactNode } from "react";
import { ApiError, call } from "../api/client";
import type { Session } from "../api/types";
import { useAction } from "../api/use_api";
import { CodeField, Field } from "../components/fields";
import { ActionError } from "../components/states";
import { useSession } from "../frame/session";
import { useWords } from "../words/words";

function Frame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t, lang, setLang } = useWords();
  return (
    <main className="login">
      <div className="login-box">
        <div className="login-head">
          <span className="brand">{t("product.name")}</span>
          <Button
            type="text"
            lang={lang === "zh" ? "en" : "zh-CN"}
            onClick={() => setLang(lang === "zh" ? "en" : "zh")}
          >
            {lang === "zh" ? "English" : "中文"}
          </Button>
        </div>
        <h1>{title}</h1>
        <p className="lead">{lead}</p>
        {children}
      </div>
    </main>
  );
}

export function Login() {
  const { t } = useWords();
  const { setSession } = useSession();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [askCode, setAskCode] = useState(false);
  const action = useAction(async () => {
    try {
      const body = askCode ? { user, password, code } : { user, password };
      setSession(await call<Session>("POST", "/api/session", body));
    } catch (cause) {
      if (cause instanceof ApiError && cause.body.kind === "second_factor" && !askCode) setAskCode(true);
      else throw cause;
    }
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run();
  };
  return (
    <Frame title={t("login.title")} lead={t("login.lead")}>
      <form onSubmit={submit}>
        <Field
          id="user"
          label={t("login.user")}
          size="large"
          autoFocus
          autoComplete="username"
          value={user}
          onChange={setUser}
        />
        <Field
          id="password"
          label={t("login.password")}
          size="large"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
        {askCode && (
          <>
            <CodeField id="code" size="large" autoFocus value={code} onChange={setCode} />
            <p className="help">{t("login.code_help")}</p>
          </>
        )}
        <ActionError error={action.error} />
        <Button type="primary" size="large" block htmlType="submit" loading={action.busy}>
          {t("login.submit")}
        </Button>
      </form>
      <p className="help">{t("login.help")}</p>
    </Frame>
  );
}

/** Changes the password; `old` is asked again, because somebody may have left the room. */
export function PasswordForm({ done }: { done: () => void }) {
  const { t } = useWords();
  const [old, setOld] = useState("");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [asked, setAsked] = useState(false);
  // The server has the rule; characters are counted as it counts them.
  const least = useSession().session?.password_characters_min ?? 0;
  const short = Array.from(first).length < least;
  const differs = first !== second;
  const action = useAction(async () => {
    await call("PUT", "/api/session/password", { old, new: first });
    done();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!short && !differs) void action.run();
  };
  const problem = !asked
    ? ""
    : short
      ? t("password.short", { n: least })
      : differs
        ? t("password.differs")
        : "";
  return (
    <form onSubmit={submit}>
      <Field
        id="old"
        label={t("password.old")}
        type="password"
        autoComplete="current-password"
        value={old}
        onChange={setOld}
      />
      <Field
        id="new"
        label={t("password.new")}
        type="password"
        autoComplete="new-password"
        value={first}
        aria-describedby="password-help"
        onChange={setFirst}
      />
      <Field
        id="again"
        label={t("password.again")}
        type="password"
        autoComplete="new-password"
        value={second}
        onChange={setSecond}
      />
      <p id="password-help" className="help">
        {t("password.help", { n: least })}
      </p>
      {problem !== "" && <Alert type="error" showIcon message={problem} />}
      <ActionError error={action.error} />
      <Button type="primary" htmlType="submit" loading={action.busy}>
        {t("password.submit")}
      </Button>
    </form>
  );
}

export function ForcedPassword() {
  const { t } = useWords();
  const { askAgain, logOut } = useSession();
  return (
    <Frame title={t("password.title")} lead={t("password.forced")}>
      <PasswordForm done={() => void askAgain()} />
      <Button type="link" onClick={() => void logOut()}>
        {t("shell.log_out")}
      </Button>
    </Frame>
  );
}
