// Light and dark; colours darker than Ant Design's own where its greys and blue are too weak to be read (WCAG AA).
import theme from "antd/es/theme";
import type { ThemeConfig } from "antd/es/config-provider";
import { useCallback, useEffect, useState } from "react";

export type Mode = "light" | "dark";
const KEY = "baoxue.theme";

const shared: ThemeConfig = {
  cssVar: { key: "baoxue" },
  hashed: false,
};

const fontFamily =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", ' +
  '"Noto Sans SC", "WenQuanYi Micro Hei", sans-serif';

const light: ThemeConfig = {
  ...shared,
  token: {
    fontFamily,
    borderRadius: 4,
    motion: false,
    colorPrimary: "#0b5cad",
    colorLink: "#0b5cad",
    colorError: "#c41d1d",
    colorSuccess: "#237804",
    colorWarning: "#ad5200",
    // What would be derived from colours this dark is too dark to write on.
    colorSuccessBg: "#e6f4ea",
    colorSuccessBorder: "#9fd0aa",
    colorWarningBg: "#fff4d9",
    colorWarningBorder: "#e3c27a",
    colorErrorBg: "#fdecea",
    colorErrorBorder: "#e6a19b",
    colorInfoBg: "#e5f0fa",
    colorInfoBorder: "#9dc2e6",
    colorTextTertiary: "rgba(0,0,0,0.65)",
    colorTextDescription: "rgba(0,0,0,0.65)",
    colorTextPlaceholder: "rgba(0,0,0,0.6)",
  },
};

const dark: ThemeConfig = {
  ...shared,
  algorithm: theme.darkAlgorithm,
  token: {
    fontFamily,
    borderRadius: 4,
    motion: false,
    colorPrimary: "#3d8fe0",
    colorLink: "#7cbcff",
    colorError: "#ff7875",
    colorTextTertiary: "rgba(255,255,255,0.7)",
    colorTextDescription: "rgba(255,255,255,0.7)",
    colorTextPlaceholder: "rgba(255,255,255,0.62)",
    colorTextLightSolid: "#ffffff",
  },
  // White on blue that is dark enough for it; the algorithm would make it lighter.
  components: { Button: { colorPrimary: "#1f66ad", colorPrimaryHover: "#2871bd", colorPrimaryActive: "#174f88" } },
};

export const themes: Record<Mode, ThemeConfig> = { light, dark };

function first(): Mode {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === "light" || kept === "dark") return kept;
  } catch {
    // Nothing is kept: what the machine prefers decides.
  }
  return window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function useMode(): [Mode, () => void] {
  const [mode, setMode] = useState<Mode>(first);
  useEffect(() => {
    document.documentElement.setAttribute("data-theme", mode);
  }, [mode]);
  const toggle = useCallback(() => {
    setMode((now) => {
      const next = now === "dark" ? "light" : "dark";
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // It holds until the page is closed.
      }
      return next;
    });
  }, []);
  return [mode, toggle];
}
