import { defineConfig } from '@playwright/test'
import { findBrowser, NO_BROWSER } from './scripts/find-browser.mjs'

const executablePath = findBrowser()
if (!executablePath) {
  process.stderr.write(`${NO_BROWSER}\n`)
  process.exit(1)
}

const isFull = process.env['FULL'] === '1'
// Two clones on one machine can test at the same time.
const port = Number(process.env['E2E_PORT'] ?? 4173)
// A build other than dist/, for work beside a running test.
const dist = process.env['E2E_DIST'] ?? 'dist'

/** Tests of the service worker and of what outlives a tab: on a host that sends Plume's headers, and on a plain one under a sub-path. */
const ON_BOTH_HOSTS = /(install|offline|leak|resume|train)\.spec\.ts$/
const staticPort = port + 1

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  timeout: 60_000,
  forbidOnly: !!process.env['CI'],
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--enable-unsafe-webgpu',
      ],
    },
  },
  projects: [
    {
      name: 'headers',
      testIgnore: [ON_BOTH_HOSTS, ...(isFull ? [] : ['**/*.slow.spec.ts'])],
      // Each test is a first visit; without this each would also fetch and check the 16 MB for work offline.
      use: { baseURL: `http://127.0.0.1:${port}/`, serviceWorkers: 'block' },
    },
    {
      name: 'headers-installed',
      testMatch: ON_BOTH_HOSTS,
      // what is about the plain host alone
      grepInvert: /@static/,
      use: { baseURL: `http://127.0.0.1:${port}/` },
    },
    {
      name: 'static',
      testMatch: ON_BOTH_HOSTS,
      // what does not depend on the host is looked at once, but for the full run
      ...(isFull ? {} : { grepInvert: /@once/ }),
      use: { baseURL: `http://127.0.0.1:${staticPort}/plume/` },
    },
  ],
  webServer: [
    {
      // The binary itself: npx in between would survive the kill at the end of the run.
      command: `node node_modules/vite/bin/vite.js preview --strictPort --host 127.0.0.1 --port ${port} --outDir ${dist}`,
      url: `http://127.0.0.1:${port}`,
      reuseExistingServer: false,
      timeout: 60_000,
    },
    {
      command: `node scripts/static-host.mjs --dir ${dist} --base /plume/ --port ${staticPort}`,
      url: `http://127.0.0.1:${staticPort}/plume/`,
      reuseExistingServer: false,
      timeout: 60_000,
    },
  ],
})
