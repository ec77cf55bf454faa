import { card, drop, expect, open, sample, test } from './support'

test('of two files one is damaged: its card says what and where, the other finishes', async ({ page }) => {
  await open(page)
  await drop(page, [sample('damaged.onnx'), sample('shapes.onnx')])
  const failure = card(page, 'damaged.onnx').getByTestId('failure')
  await expect(failure).toContainText('This file cannot be read')
  await expect(failure).toContainText('bytes')
  await expect(failure).toContainText(/damaged\.onnx, byte [\d,]+/)
  await expect(failure).toContainText('fetch it again')

  const good = card(page, 'shapes.onnx')
  await good.getByTestId('shrink').click()
  await expect(good.getByTestId('download')).toBeVisible()
  await expect(failure).toBeVisible()
})

test('cancelling takes less than a second, ends the work, and the page stays usable', async ({ page }) => {
  await open(page)
  await page.getByTestId('sample-shapes').click()
  const job = card(page, 'shapes.onnx')
  await job.getByTestId('shrink').click()
  // onnxruntime's worker is the fifth: one stores, one looks inside, one hashes the data, one works, one runs the models
  await expect.poll(() => page.workers().length).toBeGreaterThanOrEqual(5)
  const start = Date.now()
  await page.keyboard.press('Escape')
  await expect(job).toContainText('Cancelled')
  expect(Date.now() - start).toBeLessThan(1000)
  // when the browser's tools report the end of a worker says nothing about when it ended
  await expect.poll(() => page.workers().length, { intervals: [20] }).toBe(3)

  await job.getByTestId('shrink').click()
  await expect(job.getByTestId('download')).toBeVisible()
})

test('a file that waits can be cancelled alone', async ({ page }) => {
  await open(page)
  await drop(page, [sample('shapes.onnx'), sample('shapes-int8.onnx')])
  await page.getByRole('button', { name: 'Shrink all 2' }).click()
  const [first, second] = [card(page, 'shapes-int8.onnx'), card(page, 'shapes.onnx')]
  await second.getByTestId('cancel').click()
  await expect(second).toContainText('Cancelled')
  await expect(first).toContainText('Original kept')
})
