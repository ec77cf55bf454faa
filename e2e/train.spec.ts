import type { Locator, Page } from '@playwright/test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { twoClasses } from './tables'
import {
  card,
  downloadedBytes,
  drop,
  expect,
  offlineReady,
  openInstalled,
  runModel,
  sha256,
  sharedData,
  test as base,
} from './support'

const test = base.extend<{ folder: string }>({
  folder: async ({ baseURL: _baseURL }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'plume-table-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
})

async function tableFile(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

async function chooseLayers(training: Locator, layers: string): Promise<void> {
  await training.getByTestId('model-own').check()
  await training.getByTestId('own-layers').fill(layers)
}

const trained = (page: Page, training: Locator) =>
  downloadedBytes(page, () => training.getByTestId('download-onnx').click())

test('offline, from a dropped table to a downloaded int8 model and a JavaScript module @once', async ({
  page,
  context,
  folder,
}) => {
  test.setTimeout(120_000)
  await openInstalled(page)
  await offlineReady(page)
  await context.setOffline(true)
  await page.reload()

  // the breast cancer data where they are checked out, else a table like it
  const path =
    sharedData('wdbc/wdbc.data') ??
    (await tableFile(folder, 'wdbc.data', twoClasses({ rows: 569, features: 30 }).replace(/^.*\n/, '')))
  await drop(page, [path])
  const training = card(page, 'wdbc.data')
  await expect(training.getByTestId('balance')).toContainText(/B: \d+, 6\d%/)
  await expect(training.getByTestId('target')).toHaveValue('1')
  // the first column only numbers the rows
  await expect(training.getByLabel('Use Column 0 as')).toHaveValue('ignored')
  await chooseLayers(training, '64, 32')
  await training.getByTestId('train').click()

  await expect(training.getByTestId('score')).toContainText(/9\d\.\d%\s*right on samples that it never saw/, {
    timeout: 45_000,
  })
  await expect(training.getByTestId('metrics')).toContainText('ROC-AUC')
  await expect(training.getByTestId('confusion').getByRole('img')).toBeVisible()
  const float = await trained(page, training)
  expect(float.name).toBe('wdbc.onnx')

  await training.getByText('Formats, command line and settings').click()
  await expect(training.getByTestId('cli')).toHaveText('npx plume train wdbc.data -o wdbc.onnx --layers 64,32')
  const module = await downloadedBytes(page, () => training.getByTestId('export-javascript').click())
  expect(module.name).toBe('wdbc.mjs')
  expect(module.bytes.byteLength).toBeLessThan(40_000)
  await expect(training.getByTestId('export-extra')).toContainText('wdbc.html')

  await training.getByTestId('shrink-trained').click()
  const small = card(page, 'wdbc.onnx')
  await expect(small.getByTestId('download')).toBeVisible({ timeout: 60_000 })
  await expect(small).toContainText(/on \d+ of your samples/)
  const int8 = await downloadedBytes(page, () => small.getByTestId('download').click())
  expect(int8.name).toBe('wdbc.small.onnx')
  expect(int8.bytes.byteLength).toBeLessThan(0.6 * float.bytes.byteLength)

  // both take the raw columns, and agree
  const rows = (await readFile(path, 'utf8')).trim().split('\n').slice(0, 100)
  const values = Float32Array.from(rows.flatMap((row) => row.split(',').slice(2).map(Number)))
  const feeds = { features: { shape: [rows.length, 30], values } }
  const [before, after] = [await runModel(float.bytes, feeds), await runModel(int8.bytes, feeds)]
  const [output] = Object.keys(before) as [string]
  const differ = (before[output] ?? []).filter((value, i) => Math.abs(value - (after[output]?.[i] ?? NaN)) > 0.15)
  expect(differ.length / (before[output]?.length ?? 0)).toBeLessThan(0.05)
})

/** What the store keeps of a running training at this moment. */
const keptCheckpoints = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('plume')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const db = opening.result
          const counting = db.transaction('checkpoints').objectStore('checkpoints').count()
          counting.onsuccess = () => resolve(counting.result)
          counting.onerror = () => reject(counting.error)
          db.close()
        }
      }),
  )

test('reloaded in mid-training, paused and resumed, it ends in the identical model @once', async ({
  page,
  browser,
  baseURL,
  folder,
}) => {
  test.setTimeout(120_000)
  const path = await tableFile(folder, 'slow.csv', twoClasses({ rows: 4000, features: 40 }))
  const begin = async (on: Page) => {
    await openInstalled(on)
    await drop(on, [path])
    const training = card(on, 'slow.csv')
    await chooseLayers(training, '512, 256')
    await training.getByTestId('train').click()
    return training
  }
  let training = await begin(page)
  await expect.poll(() => keptCheckpoints(page), { timeout: 60_000, intervals: [50] }).toBeGreaterThanOrEqual(1)
  await expect(training.getByRole('progressbar')).toBeVisible()
  await page.reload()

  training = card(page, 'slow.csv')
  await training.getByTestId('pause').click({ timeout: 30_000 })
  await expect(training).toContainText('Paused')
  const epochs = () => training.getByText(/^epoch \d+ of at most/).textContent()
  await page.waitForTimeout(300)
  const paused = await epochs()
  await page.waitForTimeout(1000)
  expect(await epochs()).toBe(paused)
  // a pause outlives the tab, and waits for a click
  await page.reload()
  await training.getByTestId('continue').click({ timeout: 30_000 })
  await expect(training.getByTestId('score')).toBeVisible({ timeout: 60_000 })
  const resumed = await trained(page, training)
  // the result does, too
  await page.reload()
  await expect(training.getByTestId('score')).toBeVisible({ timeout: 30_000 })

  const quiet = await browser.newContext(baseURL ? { baseURL } : {})
  const other = await quiet.newPage()
  const undisturbed = await begin(other)
  await expect(undisturbed.getByTestId('score')).toBeVisible({ timeout: 60_000 })
  const expected = await trained(other, undisturbed)
  await quiet.close()
  expect(sha256(resumed.bytes)).toBe(sha256(expected.bytes))
})
