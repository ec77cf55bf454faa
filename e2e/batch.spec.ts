import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { strFromU8, unzipSync } from 'fflate'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { modelWithMemory, smallModel } from './small-models'
import { card, downloadedBytes, drop, expect, open, sample, sha256, test } from './support'

const rows = (page: Page) => page.getByTestId('batch-row')
const row = (page: Page, name: string) => rows(page).filter({ has: page.getByText(name, { exact: true }) })
const phase = (page: Page, name: string) => page.locator(`[data-testid=batch-row][data-phase=${name}]`)

/** Models on the disk, in a new folder. */
async function models(count: number, first = 0): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plume-batch-'))
  const paths = Array.from({ length: count }, (_, n) => join(folder, `net-${first + n}.onnx`))
  await Promise.all(paths.map((path, n) => writeFile(path, smallModel(first + n))))
  return paths
}

const names = (page: Page) => rows(page).locator('button.open .name').allInnerTexts()

test('twenty models in one drop: one fails in words, the others are done, the zip has them all', async ({ page }) => {
  test.setTimeout(240_000)
  await open(page)
  const paths = await models(19)
  await drop(page, [...paths.slice(0, 7), sample('damaged.onnx'), ...paths.slice(7)])
  await expect(rows(page)).toHaveCount(20)
  await expect(phase(page, 'ready')).toHaveCount(19)
  await expect(row(page, 'damaged.onnx')).toContainText('This file cannot be read')

  await page.getByTestId('start-all').click()
  await expect(page.getByTestId('batch-progress')).toBeVisible()
  await expect(phase(page, 'done')).toHaveCount(19, { timeout: 200_000 })
  await expect(page.getByTestId('batch-progress')).toBeHidden()
  await expect(page.getByTestId('batch-totals')).toContainText('19 of 20 done')
  await expect(page.getByTestId('batch-totals')).toContainText('1 failed')
  await expect(page.getByTestId('live')).toHaveText('19 files are done.')

  await expect(page.getByTestId('zip-all')).toHaveText('Download all 19 as zip')
  const zip = await downloadedBytes(page, () => page.getByTestId('zip-all').click())
  expect(zip.name).toBe('plume-results.zip')
  const files = unzipSync(zip.bytes)
  const made = Object.keys(files).filter((name) => name.endsWith('.onnx'))
  expect(made.sort()).toEqual(paths.map((_, n) => `net-${n}.small.onnx`).sort())
  for (const name of made) {
    const report = JSON.parse(strFromU8(files[`reports/${name}.json`]!)) as {
      input: { sha256: string; sizeBytes: number }
      output: { sha256: string; sizeBytes: number }
    }
    expect(sha256(files[name]!)).toBe(report.output.sha256)
    expect(report.output.sizeBytes).toBeLessThan(0.6 * report.input.sizeBytes)
    expect(sha256(smallModel(Number(/\d+/.exec(name)![0])))).toBe(report.input.sha256)
  }
  const table = strFromU8(files['summary.csv']!).trim().split('\r\n')
  expect(table).toHaveLength(21)
  expect(table.find((line) => line.startsWith('damaged.onnx,'))).toMatch(
    /^damaged\.onnx,This file cannot be read,20011,,/,
  )
})

test('options for all, one file with its own, undo of both', async ({ page }) => {
  await open(page)
  await drop(page, await models(3))
  await expect(phase(page, 'ready')).toHaveCount(3)

  // float16 for all
  await page.getByTestId('options-all').click()
  const drawer = page.getByRole('dialog', { name: 'Options for all files' })
  await drawer.getByRole('radio', { name: /Choose the steps/ }).check()
  await drawer.getByRole('checkbox', { name: /^Weights in 8 bits/ }).uncheck()
  await drawer.getByRole('checkbox', { name: /^Half precision/ }).check()
  await page.keyboard.press('Control+z')
  await expect(drawer.getByRole('checkbox', { name: /^Half precision/ })).not.toBeChecked()
  await page.keyboard.press('Control+Shift+z')
  await expect(drawer.getByRole('checkbox', { name: /^Half precision/ })).toBeChecked()
  await drawer.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByTestId('options-all')).toBeFocused()
  await expect(page.getByTestId('batch')).toContainText('For all files: float16')

  // int8 for one
  const own = row(page, 'net-1.onnx')
  await own.getByTestId('more').click()
  await own.getByRole('button', { name: 'Options', exact: true }).click()
  const ownDrawer = page.getByRole('dialog')
  await ownDrawer.getByRole('checkbox', { name: /^Half precision/ }).uncheck()
  await ownDrawer.getByRole('checkbox', { name: /^Weights in 8 bits/ }).check()
  await ownDrawer.getByRole('button', { name: 'Apply' }).click()
  await expect(own).toContainText('own recipe')
  await expect(row(page, 'net-0.onnx')).not.toContainText('own recipe')

  // a file that comes later takes the options for all
  await drop(page, await models(1, 3))
  await expect(phase(page, 'ready')).toHaveCount(4)
  await expect(row(page, 'net-3.onnx')).not.toContainText('own recipe')

  await page.getByTestId('start-all').click()
  await expect(phase(page, 'done')).toHaveCount(4, { timeout: 60_000 })
  const zip = await downloadedBytes(page, () => page.getByTestId('zip-all').click())
  const files = unzipSync(zip.bytes)
  const methods = [0, 1, 2, 3].map((n) => {
    const report = JSON.parse(strFromU8(files[`reports/net-${n}.small.onnx.json`]!)) as {
      recipe: { steps: { method: string }[] }
    }
    return report.recipe.steps.map(({ method }) => method).filter((method) => method !== 'tidy')
  })
  expect(methods).toEqual([['float16'], ['weights-int8'], ['float16'], ['float16']])

  // the card says that options changed, and takes them back
  await row(page, 'net-1.onnx').getByTestId('more').click()
  await row(page, 'net-1.onnx').getByTestId('use-shared').click()
  await expect(row(page, 'net-1.onnx')).not.toContainText('own recipe')
  await expect(row(page, 'net-1.onnx')).toContainText('Options changed')
  await row(page, 'net-1.onnx').locator('button.open').click()
  await card(page, 'net-1.onnx').getByTestId('options-undo').click()
  await expect(row(page, 'net-1.onnx')).toContainText('own recipe')
  await expect(row(page, 'net-1.onnx')).toContainText('Done')

  // a reload keeps it all
  await page.reload()
  await expect(phase(page, 'done')).toHaveCount(4)
  await expect(page.getByTestId('batch')).toContainText('For all files: float16')
  await expect(page.getByText('own recipe')).toHaveCount(1)
})

test('order, cancel and retry by keyboard; nothing that waits runs after “Cancel all”', async ({ page }) => {
  await open(page)
  await drop(page, await models(3))
  await expect(phase(page, 'ready')).toHaveCount(3)
  expect(await names(page)).toEqual(['net-0.onnx', 'net-1.onnx', 'net-2.onnx'])

  await row(page, 'net-2.onnx').locator('button.open').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => names(page)).toEqual(['net-0.onnx', 'net-2.onnx', 'net-1.onnx'])
  await expect(row(page, 'net-2.onnx').locator('button.open')).toBeFocused()
  await expect(page.getByTestId('live')).toHaveText('net-2.onnx is now 2 of 3.')
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => names(page)).toEqual(['net-2.onnx', 'net-0.onnx', 'net-1.onnx'])

  await page.getByTestId('start-all').click()
  // the first of the table runs first
  await expect(row(page, 'net-2.onnx')).toHaveAttribute('data-phase', /running|done/)
  await page.getByTestId('cancel-all').click()
  await expect(page.getByTestId('cancel-all')).toBeHidden()
  await expect(phase(page, 'running').or(phase(page, 'queued'))).toHaveCount(0)
  await expect(row(page, 'net-1.onnx')).toContainText('Cancelled')

  await row(page, 'net-1.onnx').getByTestId('start').focus()
  await page.keyboard.press('Enter')
  await expect(row(page, 'net-1.onnx')).toHaveAttribute('data-phase', 'done')
})

test('a failed file is tried again, alone or with all that failed', async ({ page }) => {
  await open(page)
  await drop(page, [sample('damaged.onnx'), ...(await models(2))])
  await expect(phase(page, 'failed')).toHaveCount(1)
  await row(page, 'damaged.onnx').getByTestId('retry').click()
  await expect(row(page, 'damaged.onnx')).toContainText('This file cannot be read')

  await page.getByTestId('retry-failed').click()
  await expect(row(page, 'damaged.onnx')).toContainText('This file cannot be read')
  await expect(phase(page, 'ready')).toHaveCount(2)
  await row(page, 'damaged.onnx').locator('button.open').click()
  await expect(card(page, 'damaged.onnx').getByTestId('failure')).toContainText('fetch it again')
})

test('a dropped folder is walked to its end, with more files than are read at once', async ({ page, context }) => {
  await open(page)
  const folder = join(await mkdtemp(join(tmpdir(), 'plume-folder-')), 'zoo')
  await mkdir(join(folder, 'deep/er'), { recursive: true })
  await mkdir(join(folder, '.hidden'))
  await writeFile(join(folder, 'net-0.onnx'), smallModel(0))
  await writeFile(join(folder, 'deep/net-1.onnx'), smallModel(1))
  await writeFile(join(folder, 'deep/er/net-1.onnx'), smallModel(2))
  await writeFile(join(folder, 'deep/er/shapes-test.npz'), await readFile(sample('shapes-test.npz')))
  await writeFile(join(folder, '.hidden/net-9.onnx'), smallModel(9))
  await Promise.all(
    Array.from({ length: 120 }, (_, n) => writeFile(join(folder, `deep/weights-${n}.bin`), Uint8Array.of(n))),
  )

  // as the system does it: only real files have entries of a file system
  const session = await context.newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data })
  }
  await expect(phase(page, 'ready')).toHaveCount(3)
  expect((await names(page)).sort()).toEqual(['zoo/deep/er/net-1.onnx', 'zoo/deep/net-1.onnx', 'zoo/net-0.onnx'])
  await row(page, 'zoo/deep/er/').locator('button.open').click()
  await expect(card(page, 'net-1.onnx')).toContainText('shapes-test.npz')
  await expect(card(page, 'net-1.onnx').getByTestId('shrink')).toBeVisible()
})

test('a hundred files stay fluid', async ({ page }) => {
  test.setTimeout(120_000)
  await open(page)
  await page.evaluate(() => {
    const watched = window as Window & { longest?: number }
    watched.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longest = Math.max(watched.longest ?? 0, duration)
    }).observe({ entryTypes: ['longtask'] })
  })
  const transfer = (await models(120)).map((path) => ({ path }))
  await page.getByTestId('files').setInputFiles(transfer.map(({ path }) => path))
  await expect(rows(page)).toHaveCount(120)
  // the first of the new files has the focus, though the table was fetched only then
  await expect(row(page, 'net-0.onnx').locator('button.open')).toBeFocused()
  await expect(phase(page, 'ready')).toHaveCount(120, { timeout: 90_000 })
  await expect(page.getByTestId('live')).toHaveText('120 files are ready.')
  // a noisy machine with two cores: far above what it takes, far below what a person would call stuck
  expect(await page.evaluate(() => (window as Window & { longest?: number }).longest)).toBeLessThan(1500)
})

test('on a narrow screen rows are stacked and nothing scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await open(page)
  await drop(page, [...(await models(2)), sample('damaged.onnx')])
  await expect(phase(page, 'ready')).toHaveCount(2)
  await row(page, 'net-0.onnx').getByTestId('more').click()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(5) // head, files, totals
  await page.keyboard.press('Escape')
  await expect(row(page, 'net-0.onnx').getByTestId('more')).toBeFocused()
  await expect(page.getByRole('button', { name: 'Run net-0.onnx later' })).toBeHidden()
  await row(page, 'damaged.onnx').locator('button.open').click()
  for (const [colorScheme, width] of [
    ['dark', 360],
    ['light', 1280],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 740 })
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  }
  await page.getByTestId('as-cards').click()
  await expect(card(page, 'net-0.onnx')).toBeVisible()
  await page.getByTestId('as-table').click()
  await expect(rows(page)).toHaveCount(3)
})

test('an output is carried to the next sample, and the recipe says so', async ({ page }) => {
  await open(page)
  const folder = await mkdtemp(join(tmpdir(), 'plume-memory-'))
  const [model, data] = [join(folder, 'memory.onnx'), join(folder, 'x.npy')]
  await writeFile(model, modelWithMemory())
  await writeFile(data, npy([6, 1, 32]))
  await drop(page, [model, data])
  const job = card(page, 'memory.onnx')
  await job.getByText('Output that feeds an input of the next sample').click()
  await job.getByTestId('state-add').click()
  await expect(job.getByRole('combobox', { name: 'Output' })).toHaveValue('next')
  await expect(job.getByRole('combobox', { name: 'Input of the next sample' })).toHaveValue('memory')
  await job.getByTestId('shrink').click()
  await expect(job.getByTestId('download')).toBeVisible({ timeout: 30_000 })
  const { bytes } = await downloadedBytes(page, () =>
    job.getByRole('button', { name: 'Download report (JSON)' }).click(),
  )
  const report = JSON.parse(strFromU8(bytes)) as { recipe: { data: { state: string[] }[] }; quality: { data: string } }
  expect(report.recipe.data[0]!.state).toEqual(['next=memory'])
  expect(report.quality.data).toBe('user')
})

/** A NumPy file of float32, version 1.0. */
function npy(shape: readonly number[]): Uint8Array {
  const count = shape.reduce((all, size) => all * size, 1)
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`
  const padded = head.padEnd(128 - 10 - 1) + '\n'
  const values = Float32Array.from({ length: count }, (_, n) => Math.sin(n))
  const magic = [0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]
  return Uint8Array.from([...magic, ...Buffer.from(padded), ...new Uint8Array(values.buffer)])
}
