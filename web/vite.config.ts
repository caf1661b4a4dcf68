/// <reference types="vitest/config" />
import { realpathSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, normalizePath, type Plugin } from 'vite'

/**
 * Preloads the Latin font file, so that the first paint has its letters, and writes into the page what an issue, or the
 * list alone, needs besides the first scripts: names with a hash that are known when all is built.
 */
const preload: Plugin = {
  name: 'preload',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const needed = (name: string): string[] => [name, ...(chunks.find((chunk) => chunk.fileName === name)?.imports ?? []).flatMap(needed)]
      const first = new Set(chunks.filter((chunk) => chunk.isEntry).flatMap((chunk) => needed(chunk.fileName)))
      const besides = (page: string) => {
        const chunk = chunks.find(({ isDynamicEntry, facadeModuleId }) => isDynamicEntry && facadeModuleId?.endsWith(page))
        return [...new Set(chunk ? needed(chunk.fileName) : [])].filter((name) => !first.has(name))
      }
      const pages = JSON.stringify([besides('/inbox/NoIssue.tsx'), besides('/issue/IssuePage.tsx')])
      const font = Object.keys(bundle).find((name) => name.endsWith('.woff2'))
      const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` }
      return { html: html.replace("'%pages%'", pages), tags: font ? [{ tag: 'link', injectTo: 'head-prepend', attrs }] : [] }
    },
  },
}

/** What starts the console waits for the words of a language; a part that in turn waits for it would be waited for for ever. */
const nothingWaitsForTheStart: Plugin = {
  name: 'nothing-waits-for-the-start',
  apply: 'build',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
    const start = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName))
    const waiting = chunks.filter((chunk) => [...chunk.imports, ...chunk.dynamicImports].some((name) => start.has(name)))
    if (waiting.length) this.error(`These import what starts the console: ${waiting.map((chunk) => chunk.fileName).join(', ')}`)
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

/**
 * Few files, since each costs a request and a place in the queue: what every page needs in two of them, libraries, which
 * seldom change, and our own; an issue in one; what is shown once a page stands, in one each for its purpose.
 */
// Names from here on: the folders that all of this lies in may be called src too.
const HERE = `${normalizePath(realpathSync(import.meta.dirname))}/`
const at = (path: RegExp) => (id: string) => path.test(id.replace(HERE, ''))
const OVERLAYS = at(/^src\/ui\/(Tip|Menu|Popover)\.tsx$/)
const ALONG = at(/^src\/(app\/NewVersion|features\/issue\/sending|api\/live)\.tsx?$/)
const BESIDE = at(/^src\/features\/(issue\/(Rewrite|Macros|Signature|Along)|incidents\/IncidentBar|copilot\/Assist)\.tsx$/)
const SHARED = at(/^src\/((lib|strings|api(?!\/(queries\/admin|allPages)))\/|ui\/(Field|Page)\.tsx)|^node_modules\/@tanstack\//)
const GROUPS = [
  { name: 'vendor', tags: ['$initial' as const], test: at(/^node_modules\/(?!lucide-react)/), priority: 7 },
  // Not main.tsx: it waits for the words of a language, which are built on this part.
  { name: 'core', tags: ['$initial' as const], test: at(/^src\/(?!main\.tsx)|^node_modules\/lucide-react|no-scrolling/), priority: 6 },
  { name: 'icons', test: at(/^node_modules\/lucide-react\/dist\/esm\/icons\//), priority: 5 },
  { name: 'shared', test: SHARED, minShareCount: 5, priority: 4.5 },
  { name: 'overlays', test: OVERLAYS, priority: 4 },
  { name: 'along', test: ALONG, priority: 3 },
  { name: 'issue', test: at(/^src\/features\/issue\/IssuePage\.tsx$/), priority: 2 },
  { name: 'beside', test: BESIDE, priority: 1 },
]

const api = process.env.CONSOLE_API ?? 'http://127.0.0.1:8321'

export default defineConfig({
  plugins: [noScrolling, react(), tailwind(), preload, nothingWaitsForTheStart, precompress],
  // What this stands in for is in React itself since its version 18.
  resolve: { alias: [{ find: /^use-sync-external-store\/shim$/, replacement: 'react' }] },
  build: {
    target: 'es2023', sourcemap: false, manifest: 'manifest.json', assetsInlineLimit: 0, modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  server: { proxy: { '/v1': api, '/version': api, '/readyz': api, '/openapi.json': api } },
  test: { environment: 'happy-dom', include: ['src/test/**/*.test.{ts,tsx}'] },
})
