import { readFile } from 'node:fs/promises'
import type { BrowserResult } from '../src/testing/browser-cases'
import { bundle } from './bundle'
import { expect, test } from './support'

test('every operator computes in the browser what it computes in Node', async ({ page, baseURL }) => {
  test.setTimeout(180_000)
  const code = await bundle('src/testing/browser-cases.ts')
  const serve = (path: string, contentType: string, body: string | Buffer) =>
    page.route(`${baseURL}engine-test/${path}`, (route) => route.fulfill({ contentType, body }))
  await serve('', 'text/html', '<!doctype html><link rel="icon" href="data:,"><title>engine</title>')
  await serve('cases.js', 'text/javascript', code)
  await serve('plain.wasm', 'application/wasm', await readFile('build/wasm/engine.wasm'))
  await serve('relaxed.wasm', 'application/wasm', await readFile('build/wasm/engine-relaxed.wasm'))
  await page.goto(`${baseURL}engine-test/`)
  const results = await page.evaluate(async () => {
    const { runCases } = (await import('./cases.js' as string)) as {
      runCases(modules: { plain: string; relaxed: string }): Promise<BrowserResult[]>
    }
    return runCases({ plain: './plain.wasm', relaxed: './relaxed.wasm' })
  })
  // Chromium has relaxed SIMD and WebGPU, and a missing backend fails the run
  expect(results.map(({ machine }) => machine)).toEqual(['reference', 'wasm', 'wasm, relaxed SIMD', 'webgpu'])
  for (const { machine, cases, failures } of results) {
    expect(cases).toBeGreaterThan(900)
    expect(failures, machine).toEqual([])
  }
})
