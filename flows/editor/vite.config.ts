import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** One script and one style sheet under fixed names; the page asks for them with the build's time behind. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: "src/main.tsx",
      output: {
        entryFileNames: "editor.js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names?.[0]?.endsWith(".css") ? "editor.css" : "[name][extname]"),
      },
    },
  },
});
