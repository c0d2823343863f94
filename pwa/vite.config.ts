import { resolve } from "node:path";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const sync = resolve(import.meta.dirname, "../sync");

const behindTheLock = /\/src\/(features|app)\//;
const lockItself = /\/(app\/root|session\/(lock_frame|sign_in|unlock|model)|more\/install)\.tsx?$/;

/** Lists of cases are read and given out a few times a year: they lie apart from the start. */
const listScreens = /\/features\/cases\/lists\//;
const listLibraries = /\/node_modules\/(hucre|@zip\.js)\/|\/lists\/\w+_library\.ts$/;

function isOfLists(id: string): boolean {
  return listLibraries.test(id) || listScreens.test(id);
}

/** What most days do without: it too is fetched when somebody goes there. */
const seldomScreens =
  /\/node_modules\/qr\/|\/platform\/(invitation|password_change|passkey_setup|recovery|renewal|vouching|clarify|history|notes|rescue\.ts|seldom|leaving)|\/features\/(cases\/(case_form|older_cases|pages)|team\/(screen|pages|sheet_screen|recover_screen|compare_screen|waiting_screen|differs|safety_number)|more\/(pages|screen|model|(guide|privacy|register|threats)_screen)|welcome\/screen|session\/(invitation|make_password|change_password_screen|passkey_screen|wrong_password|pages|note_form)|synchronisation\/(screen|entry_(row|words)|this_phone|sign_in_again|store)|handovers\/((form|late)_screen|words))|\/sync\/privacy|\/ui\/(versions|change_list|rescue_button|own_password|password_form|seldom)|visits\/(history|note_|pages|verbis_screen)/;

/** The way in by the phone's own lock, for whoever has set it up: quick, for it is used at a door. */
const byPasskey = /\/platform\/passkey\.ts$/;

function isDailyScreen(id: string): boolean {
  return behindTheLock.test(id) && !listScreens.test(id) && !seldomScreens.test(id);
}

/** Whether a file is there from the first moment on: the lock, and all that is no screen. */
function startsTheApp(id: string): boolean {
  if ([listLibraries, seldomScreens, byPasskey].some((apart) => apart.test(id))) return false;
  return !behindTheLock.test(id) || lockItself.test(id);
}

export default defineConfig({
  resolve: {
    alias: [
      { find: "@sync", replacement: sync },
      // Dexie's own entry is written for browsers of 2015.
      { find: /^dexie$/, replacement: "dexie/dist/modern/dexie.mjs" },
    ],
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: {
    format: "es",
    // What the vault seldom does: fetched once the app stands, like the screens that ask for it.
    rolldownOptions: { output: { chunkFileNames: "seldom/[name]-[hash].js" } },
  },
  server: {
    fs: { allow: [import.meta.dirname, sync] },
    proxy: { "/api": "http://127.0.0.1:8000" },
  },
  build: {
    // The content security policy admits no inline script, and data: for images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      output: {
        // Two files: what the lock needs, and all screens behind it. Every further file costs a
        // slow phone's start more than its bytes, and packs worse. What is not needed every day
        // is no part of a start.
        codeSplitting: {
          groups: [
            { name: "start", test: startsTheApp },
            { name: "screens", test: isDailyScreen },
            { name: "seldom", test: seldomScreens },
            { name: "spreadsheet", test: listLibraries },
            { name: "lists", test: listScreens },
          ],
        },
        chunkFileNames: ({ moduleIds, facadeModuleId }) => {
          const ids = [...moduleIds, facadeModuleId ?? ""];
          if (ids.some(isOfLists)) return "lists/[name]-[hash].js";
          const folder = ids.some((id) => seldomScreens.test(id) || byPasskey.test(id))
            ? "seldom"
            : "assets";
          return `${folder}/[name]-[hash].js`;
        },
        // Text recognition weighs megabytes: it lies apart and is fetched on first use.
        assetFileNames: ({ originalFileNames }) =>
          originalFileNames.some((name) => name.includes("tesseract"))
            ? "ocr/[name]-[hash][extname]"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "service_worker.ts",
      // A new version waits until the person says „Jetzt neu laden“.
      registerType: "prompt",
      injectRegister: false,
      injectManifest: {
        globPatterns: [
          "index.html",
          "icons/*.{svg,png}",
          "assets/*.{js,css,wasm}",
          // Fetched once the app stands: a list must be readable where there is no network.
          "lists/*.js",
          "seldom/*.js",
          "assets/FiraSans-{Regular,SemiBold}-*.woff2",
        ],
      },
      manifest: {
        id: "/",
        name: "Zuzweit",
        short_name: "Zuzweit",
        description: "Aufsuchende Beratung im Jobcenter: offline, versiegelt, zu zweit.",
        lang: "de",
        dir: "ltr",
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: "#faf6f3",
        theme_color: "#faf6f3",
        icons: [
          { src: "/icons/icon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
          {
            src: "/icons/icon-maskable-512.png",
            sizes: "512x512",
            type: "image/png",
            purpose: "maskable",
          },
        ],
      },
    }),
  ],
});
