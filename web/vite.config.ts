/// <reference types="vitest/config" />
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Preloads the Latin font file, whose name has a hash, so that the first paint has its letters. */
const fontPreload: Plugin = {
  name: 'font-preload',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) => {
      const font = Object.keys(bundle ?? {}).find((name) => name.endsWith('.woff2'))
      if (!font) return []
      const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` }
      return [{ tag: 'link', injectTo: 'head-prepend', attrs }]
    },
  },
}

/** Writes .br and .gz beside each text file, so that the server only picks one. */
const precompress: Plugin = {
  name: 'precompress',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        if (!/\.(js|css|svg)$/.test(fileName)) continue
        const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source)
        if (bytes.length < 1000) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(bytes, { params }) })
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(bytes, { level: 9 }) })
      }
    },
  },
}

/** The router brings what puts scrolled windows back where they were. Ours never scroll: their parts do. */
const noScrolling: Plugin = {
  name: 'no-scrolling',
  enforce: 'pre',
  resolveId: (source, importer) => (source === './scroll-restoration.js' && importer?.includes('/router-core/') ? '\0no-scrolling' : undefined),
  load: (id) => (id === '\0no-scrolling' ? `const none = () => {}\nexport { ${SCROLLING.map((name) => `none as ${name}`).join(', ')} }` : undefined),
}
const SCROLLING = ['setupScrollRestoration', 'defaultGetScrollRestorationKey', 'getElementScrollRestorationEntry', 'storageKey']

/** What every page needs, in two files instead of forty: libraries, which seldom change, and our own. Other icons are one more. */
const VENDOR = /node_modules\/(react|react-dom|scheduler|use-sync-external-store|clsx|@tanstack)\/(?!.*(useMutation|mutationObserver|useBlocker))/
const ICONS = 'arrow-up-down|book-open|check-check|circle-user-round|clock|flame|hourglass|inbox|keyboard|list-filter|menu|moon|search|square-kanban|sun|timer|user-round|user-x|users-round|wifi-off|x'
const CORE = new RegExp(`src/(api/(client|early|errors|fetch|session|queryClient|queries/(me|issues|panel))|lib/(afterPaint|lazyPart|text|time|useTick)|strings/(index|plural|en/(index|app|inbox|issue))|ui/(index|Severity|lazy)|features/(inbox/views|issue/choices)|app/(commands|keys|pages|prefs|ErrorPage|toasts))\\.tsx?$|lucide-react/dist/esm/(createLucideIcon|Icon|icons/(${ICONS})\\.)|lucide-react/dist/esm/(shared|defaultAttributes|context)`)

const api = process.env.CONSOLE_API ?? 'http://127.0.0.1:8321'

export default defineConfig({
  plugins: [noScrolling, react(), tailwind(), fontPreload, precompress],
  // What this stands in for is in React itself since its version 18.
  resolve: { alias: [{ find: /^use-sync-external-store\/shim$/, replacement: 'react' }] },
  build: {
    target: 'es2023', sourcemap: false, manifest: 'manifest.json', assetsInlineLimit: 0, modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'vendor', test: VENDOR, priority: 2 }, { name: 'core', test: CORE, priority: 1 }, { name: 'icons', test: /lucide-react\/dist\/esm\/icons\// }] } } },
  },
  server: { proxy: { '/v1': api, '/version': api, '/readyz': api, '/openapi.json': api } },
  test: { environment: 'happy-dom', include: ['src/test/**/*.test.{ts,tsx}'] },
})
