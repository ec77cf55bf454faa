import { statSync } from 'node:fs'
import { drop, expect, open, sample, sharedData, test } from './support'

test('no task over 100 ms on the main thread between drop and card', async ({ page }) => {
  const large = sharedData('squeezenet/SqueezeNet_fp32.onnx')
  const path = large ?? sample('shapes.onnx')
  await open(page)
  await page.evaluate(() => {
    const tasks: PerformanceEntry[] = []
    const seen = { tasks, dropMs: Infinity }
    Object.assign(globalThis, { seen })
    new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask' })
    window.addEventListener('drop', () => (seen.dropMs = performance.now()), { capture: true })
  })
  // handing the file over is the test's own work, so only what follows the drop counts
  await drop(page, [path])
  await expect(page.getByTestId('shrink')).toBeVisible()
  const long = await page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { tasks: PerformanceEntry[]; dropMs: number } }
    return seen.tasks.filter((task) => task.startTime >= seen.dropMs).map((task) => task.duration)
  })
  const over = long.filter((ms) => ms > 100)
  expect(over, `long tasks with ${statSync(path).size} bytes`).toEqual([])
})

test('first load is at most 90 kB of gzipped JavaScript, without onnxruntime', async ({ page }) => {
  const all: string[] = []
  page.on('response', (response) => void all.push(response.url()))
  await open(page)
  await page.waitForLoadState('networkidle')
  const { gzipSync } = await import('node:zlib')
  // asked for again: the browser does not hand out what a worker loaded
  let gzipped = 0
  // what the page and a worker share is fetched once: the second reads it from the cache
  for (const url of [...new Set(all)].filter((one) => /\.m?js($|\?)/.test(one))) {
    gzipped += gzipSync(await (await page.request.get(url)).body(), { level: 9 }).byteLength
  }
  expect(gzipped).toBeGreaterThan(0)
  expect(gzipped).toBeLessThanOrEqual(90_000)
  expect(all.filter((url) => url.endsWith('.wasm'))).toEqual([])
})
