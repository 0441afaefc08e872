import { defineConfig } from "vite";
import { compress } from "./frontend/compress.ts";
import { sprite } from "./frontend/sprite.ts";

export default defineConfig({
  root: "frontend",
  base: "./",
  plugins: [sprite({ listed: "icons.txt", templates: "../huiyin" }), compress()],
  css: {
    preprocessorOptions: {
      scss: { loadPaths: ["node_modules"], quietDeps: true },
    },
  },
  build: {
    outDir: "../huiyin/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    assetsInlineLimit: 0,
    target: ["chrome111", "edge111", "firefox121", "safari16.4"],
    rollupOptions: {
      input: { main: "frontend/src/main.ts", theme: "frontend/src/theme-early.ts" },
      output: {
        hashCharacters: "hex",
        entryFileNames: "[name].[hash:12].js",
        chunkFileNames: "[name].[hash:12].js",
        assetFileNames: "[name].[hash:12][extname]",
      },
    },
  },
});
