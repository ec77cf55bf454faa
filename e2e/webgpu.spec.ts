import type { Page } from '@playwright/test'
import { downloadedBytes, drop, expect, open, sample, sha256, test } from './support'

/** Chromium's only adapter here is software, which the address has to ask for. */
async function shrink(page: Page, search: string, name = 'shapes.onnx') {
  await page.goto(`./${search}`)
  await expect(page.getByTestId('sample-shapes')).toBeVisible()
  await drop(page, [sample(name)])
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 90_000 })
  const { bytes } = await downloadedBytes(page, () => page.getByTestId('download').click())
  return sha256(bytes)
}

const own = (page: Page, machine: string) =>
  page.getByText(new RegExp(`Plume's own engine \\(${machine}\\) ran \\d+ samples? of it too and agrees within`))

test.describe('the same job with and without the GPU', () => {
  test.setTimeout(180_000)

  test('gives the same bytes, and a lost device ends with them and a note', async ({ browser, baseURL }) => {
    const run = async (search: string, look: (page: Page) => Promise<void>) => {
      const context = await browser.newContext({ baseURL: baseURL ?? '', serviceWorkers: 'block' })
      const page = await context.newPage()
      const hash = await shrink(page, search)
      await look(page)
      await context.close()
      return hash
    }
    const without = await run('?gpu=off', async (page) => {
      await expect(own(page, 'WebAssembly')).toBeVisible()
    })
    const on = await run('?gpu=software', async (page) => {
      await expect(own(page, 'WebGPU')).toBeVisible()
      await expect(page.getByText('The GPU')).toHaveCount(0)
    })
    expect(on).toBe(without)
    for (const submits of [1, 8]) {
      const lost = await run(`?gpu=software&gpu-loss=${submits}`, async (page) => {
        await expect(
          page.getByText('The GPU was lost and started again; the work was repeated on it.').first(),
        ).toBeVisible()
        await expect(own(page, 'WebGPU')).toBeVisible()
      })
      expect(lost).toBe(without)
    }
  })

  test('software is never used unless the address asks for it', async ({ page }) => {
    await shrink(page, '')
    await expect(own(page, 'WebAssembly')).toBeVisible()
  })
})

test('settings tell what is used, and can switch it off', async ({ page }) => {
  await page.goto('./?gpu=software#settings')
  await expect(page.getByTestId('gpu-use')).toHaveText(/WebGPU in software, because the address asks for it/)
  await page.goto('./#settings')
  await page.reload()
  await expect(page.getByTestId('gpu-use')).toHaveText(/the graphics adapter is software/)
  await page.getByTestId('use-gpu').uncheck()
  await expect(page.getByTestId('gpu-use')).toHaveText(/the graphics card is switched off here/)
  await expect(page.getByTestId('runtime-on-gpu')).toBeDisabled()
  await page.reload()
  await expect(page.getByTestId('use-gpu')).not.toBeChecked()
})

test("onnxruntime's WebGPU provider is fetched and asked only where it was wished for", async ({ page }) => {
  test.setTimeout(180_000)
  const fetched: string[] = []
  page.on('request', (request) => {
    if (/asyncify.*\.wasm/.test(request.url())) fetched.push(request.url())
  })
  await open(page)
  await page.goto('./#settings')
  await page.getByTestId('runtime-on-gpu').check()
  expect(fetched).toEqual([])
  await shrink(page, '')
  expect(fetched.length).toBeGreaterThan(0)
  await expect(page.getByText(/Opened and run again in ONNX Runtime \(wasm, webgpu\)/)).toBeVisible()
  await expect(page.getByText(/median of \d+ runs here, webgpu/)).toBeVisible()
})
