import { card, downloadedBytes, expect, offlineReady, openInstalled, test } from './support'

test('after one visit the whole job runs without a network, with two threads', async ({ page, context }) => {
  await openInstalled(page)
  await offlineReady(page)
  await context.setOffline(true)
  await page.reload()
  expect(await page.evaluate(() => [crossOriginIsolated, navigator.onLine])).toEqual([true, false])

  // the sample itself comes from the cache
  await page.getByTestId('sample-shapes').click()
  const job = card(page, 'shapes.onnx')
  await job.getByTestId('shrink').click()
  await expect.poll(() => page.workers().filter((worker) => worker.url().includes('ort-wasm')).length).toBe(1)
  const { name, bytes } = await downloadedBytes(page, () => job.getByTestId('download').click())
  expect(name).toMatch(/\.onnx$/)
  expect(bytes.byteLength).toBeGreaterThan(1000)
  await expect(job).toContainText('2 threads')
})
