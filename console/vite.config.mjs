import { defineConfig } from "vite";
import { guide } from "./tools/guide_plugin.mjs";

// Chrome 78 stands for the browsers of Kylin and UOS and of old PCs. Files carry their hash in the name and may be
// kept for ever; nothing is put inline, because the pages are served with a strict content security policy.
export default defineConfig({
  plugins: [guide()],
  esbuild: { jsx: "automatic", legalComments: "none" },
  build: {
    target: "chrome78",
    cssTarget: "chrome78",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    manifest: "manifest.json",
    rollupOptions: {
      // Ant Design marks its files for a kind of server that there is none of here.
      onwarn: (warning, warn) => (warning.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : warn(warning)),
    },
  },
  server: { port: 8622, proxy: { "/api": `http://127.0.0.1:${process.env.BAOXUE_PORT || 8620}` } },
});
