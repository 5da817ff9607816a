// Logging in: name and password, then the code of the second factor where one is set; the first password is changed
// before anything else is shown. A wrong name and a wrong password say the same.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useState, type FormEvent, type ReactNode } from "react";
import { ApiError, call } from "../api/client";
import type { Session } from "../api/types";
import { useAction } from "../api/use_api";
import { useSession } from "../frame/session";
import { useWords } from "../words/words";

export const PASSWORD_LENGTH_MIN = 12;

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
  const { t, pick } = useWords();
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
        <label className="field-label" htmlFor="user">
          {t("login.user")}
        </label>
        <Input
          id="user"
          size="large"
          autoFocus
          autoComplete="username"
          required
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
        <label className="field-label" htmlFor="password">
          {t("login.password")}
        </label>
        <Input
          id="password"
          size="large"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {askCode && (
          <>
            <label className="field-label" htmlFor="code">
              {t("login.code")}
            </label>
            <Input
              id="code"
              size="large"
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={8}
              required
              value={code}
              onChange={(event) => setCode(event.target.value.replace(/\D/g, ""))}
            />
            <p className="help">{t("login.code_help")}</p>
          </>
        )}
        {action.error && <Alert type="error" showIcon message={pick(action.error.body)} />}
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
  const { t, pick } = useWords();
  const [old, setOld] = useState("");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [asked, setAsked] = useState(false);
  const short = first.length < PASSWORD_LENGTH_MIN;
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
      ? t("password.short", { n: PASSWORD_LENGTH_MIN })
      : differs
        ? t("password.differs")
        : "";
  return (
    <form onSubmit={submit}>
      <label className="field-label" htmlFor="old">
        {t("password.old")}
      </label>
      <Input
        id="old"
        type="password"
        autoComplete="current-password"
        required
        value={old}
        onChange={(event) => setOld(event.target.value)}
      />
      <label className="field-label" htmlFor="new">
        {t("password.new")}
      </label>
      <Input
        id="new"
        type="password"
        autoComplete="new-password"
        required
        value={first}
        aria-describedby="password-help"
        onChange={(event) => setFirst(event.target.value)}
      />
      <label className="field-label" htmlFor="again">
        {t("password.again")}
      </label>
      <Input
        id="again"
        type="password"
        autoComplete="new-password"
        required
        value={second}
        onChange={(event) => setSecond(event.target.value)}
      />
      <p id="password-help" className="help">
        {t("password.help", { n: PASSWORD_LENGTH_MIN })}
      </p>
      {problem !== "" && <Alert type="error" showIcon message={problem} />}
      {action.error && <Alert type="error" showIcon message={pick(action.error.body)} />}
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
