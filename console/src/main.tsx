// The start: what old browsers lack, the language, the theme under the page's nonce, then who is logged in.
import "./old_browsers";
import "./style.css";
import { nonce } from "./nonce";
import { StyleProvider, legacyLogicalPropertiesTransformer } from "@ant-design/cssinjs";
import ConfigProvider from "antd/es/config-provider";
import enUS from "antd/es/locale/en_US";
import zhCN from "antd/es/locale/zh_CN";
import { createRoot } from "react-dom/client";
import { ErrorState, Loading } from "./components/states";
import { NoticeProvider } from "./frame/notices";
import { RouterProvider } from "./frame/router";
import { SessionProvider, useSession } from "./frame/session";
import { Shell } from "./frame/shell";
import { themes, useMode } from "./frame/theme";
import { useApi } from "./api/use_api";
import type { Words } from "./api/types";
import { ForcedPassword, Login } from "./pages/login";
import { DomainProvider, LanguageProvider, useWords } from "./words/words";

function Inside({ mode, toggleMode }: { mode: "light" | "dark"; toggleMode: () => void }) {
  const { session, known, error, askAgain } = useSession();
  const ready = session !== null && !session.must_change_password;
  const words = useApi<Words>(ready ? "/api/words" : null);
  if (!known) return error ? <ErrorState error={error} retry={() => void askAgain()} /> : <Loading />;
  if (!session) return <Login />;
  if (session.must_change_password) return <ForcedPassword />;
  return (
    <DomainProvider words={words.data}>
      <Shell mode={mode} toggleMode={toggleMode} />
    </DomainProvider>
  );
}

function Themed() {
  const { lang } = useWords();
  const [mode, toggleMode] = useMode();
  return (
    <ConfigProvider
      csp={{ nonce }}
      locale={lang === "en" ? enUS : zhCN}
      theme={themes[mode]}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <NoticeProvider>
        <SessionProvider>
          <Inside mode={mode} toggleMode={toggleMode} />
        </SessionProvider>
      </NoticeProvider>
    </ConfigProvider>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StyleProvider hashPriority="high" transformers={[legacyLogicalPropertiesTransformer]}>
    <LanguageProvider>
      <RouterProvider>
        <Themed />
      </RouterProvider>
    </LanguageProvider>
  </StyleProvider>,
);
