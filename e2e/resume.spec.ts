import { chromium, test as base, type BrowserContext, type Page } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeOnnx } from '../src/formats/onnx/encode'
import { buildModel, node, ramp } from '../src/testing/build-model'
import { card, downloadedBytes, drop, expect, sample, settled, sha256 } from './support'

/** A profile on the disk, as visitors have one: what is stored outlives every tab. */
const test = base.extend<{ profile: BrowserContext; model: string }>({
  profile: async ({ baseURL, launchOptions }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'plume-profile-'))
    const context = await chromium.launchPersistentContext(folder, { ...launchOptions, ...(baseURL && { baseURL }) })
    await use(context)
    await context.close()
    await rm(folder, { recursive: true, force: true })
  },
  /** Small to drop and slow to run, so that there is a middle of the job. */
  model: async ({ baseURL: _baseURL }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'plume-model-'))
    const path = join(folder, 'slow.onnx')
    await writeFile(path, await encodeOnnx(slowModel()))
    await use(path)
    await rm(folder, { recursive: true, force: true })
  },
})

function slowModel() {
  const conv = (from: string, weight: string, to: string) =>
    node('Conv', `${from} ${weight}`, to, { pads: [1, 1, 1, 1] })
  return buildModel({
    inputs: { x: ['float32', [1, 16, 80, 80]] },
    outputs: { y: ['float32', [1, 16, 80, 80]] },
    nodes: [
      conv('x', 'w1', 'a'),
      node('Relu', 'a', 'b'),
      conv('b', 'w2', 'c'),
      node('Relu', 'c', 'd'),
      conv('d', 'w3', 'y'),
    ],
    initializers: { w1: ramp([64, 16, 3, 3], 0.013), w2: ramp([64, 64, 3, 3], 0.007), w3: ramp([16, 64, 3, 3], 0.011) },
  })
}

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto('./')
  await settled(page)
  await expect(page.locator('#choose')).toBeVisible()
  return page
}

const slow = (page: Page) => card(page, 'slow.onnx')

async function startJob(page: Page, model: string): Promise<void> {
  await drop(page, [model])
  await slow(page).getByTestId('shrink').click()
}

/** Finished trials that the store keeps at this moment. */
const keptTrials = (page: Page) =>
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

async function toMidJob(page: Page): Promise<void> {
  await expect.poll(() => keptTrials(page), { timeout: 60_000, intervals: [50] }).toBeGreaterThanOrEqual(1)
  await expect(slow(page).getByRole('progressbar')).toBeVisible()
}

async function resultOf(page: Page): Promise<string> {
  await expect(slow(page).getByTestId('download')).toBeVisible({ timeout: 90_000 })
  return sha256((await downloadedBytes(page, () => slow(page).getByTestId('download').click())).bytes)
}

/** Crashes the renderer as an out-of-memory does. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => undefined) // nobody is left to answer
  await crashed
}

const INTERRUPTION = /Continued after an interruption: \d of \d trials were taken from before\./

test.describe.configure({ timeout: 180_000 })

test('reload, closed tab and crash in mid-job all continue by themselves to the same bytes', async ({
  profile,
  model,
  browser,
  baseURL,
}) => {
  // undisturbed, in a profile of its own, which can answer nothing later
  const other = await browser.newContext(baseURL ? { baseURL } : {})
  const quiet = await open(other)
  await startJob(quiet, model)
  const expected = await resultOf(quiet)
  await expect(slow(quiet)).not.toContainText('interruption')
  await other.close()

  let page = await open(profile)
  for (const kill of ['reload', 'close', 'crash'] as const) {
    await test.step(kill, async () => {
      await startJob(page, model)
      await toMidJob(page)
      if (kill === 'reload') await page.reload()
      if (kill === 'close') await page.close()
      if (kill === 'crash') await crash(page)
      if (kill !== 'reload') page = await open(profile)
      expect(await resultOf(page)).toBe(expected)
      await expect(slow(page)).toContainText(INTERRUPTION)
      expect(await keptTrials(page)).toBe(0)
      // nothing that was kept may answer the next round
      await slow(page)
        .getByRole('button', { name: /^Remove/ })
        .click()
      await page.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const opening = indexedDB.open('plume')
            opening.onsuccess = () => {
              const transaction = opening.result.transaction('results', 'readwrite')
              transaction.objectStore('results').clear()
              transaction.oncomplete = resolve
              transaction.onabort = reject
              opening.result.close()
            }
          }),
      )
    })
  }
})

test('a job that was killed twice waits for a click @once', async ({ profile, model }) => {
  let page = await open(profile)
  await startJob(page, model)
  for (let kill = 0; kill < 2; kill++) {
    await expect(slow(page).getByRole('progressbar')).toBeVisible()
    await crash(page)
    await page.close()
    page = await open(profile)
  }
  await expect(slow(page).getByTestId('interrupted')).toContainText('interrupted twice')
  await page.waitForTimeout(1000)
  await expect(slow(page).getByRole('progressbar')).toBeHidden()
  await slow(page).getByTestId('continue').click()
  await resultOf(page)
})

test('a cancelled job does not start again by itself @once', async ({ profile, model }) => {
  const page = await open(profile)
  await startJob(page, model)
  await expect(slow(page).getByRole('progressbar')).toBeVisible()
  await slow(page).getByTestId('cancel').click()
  await expect(slow(page)).toContainText('Cancelled')
  await page.reload()
  await expect(slow(page).getByTestId('shrink')).toBeVisible()
  await page.waitForTimeout(1000)
  await expect(slow(page).getByRole('progressbar')).toBeHidden()
})

test('a file that was too large to keep is asked for, and its drop goes on @once', async ({ profile, model }) => {
  const page = await open(profile)
  await startJob(page, model)
  await toMidJob(page)
  // as where there was no room for a copy
  await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('plume')
    await root.removeEntry('inputs', { recursive: true })
  })
  await page.reload()
  await expect(slow(page).getByTestId('missing')).toContainText(/slow\.onnx, [\d.]+ kB/)
  await expect(slow(page).getByRole('progressbar')).toBeHidden()
  await drop(page, [model])
  await expect(slow(page)).toHaveCount(1)
  await resultOf(page)
  await expect(slow(page)).toContainText(INTERRUPTION)
})

test('a second tab leaves the cards of the first alone @once', async ({ profile }) => {
  const first = await open(profile)
  await drop(first, [sample('shapes.onnx')])
  await expect(first.getByTestId('shrink')).toBeVisible()
  const second = await open(profile)
  await second.waitForTimeout(2500)
  await expect(second.getByRole('article')).toHaveCount(0)
  await first.close()
  await second.reload()
  await expect(card(second, 'shapes.onnx').getByTestId('shrink')).toBeVisible()
})

test('cards come back with their data, recipes and results', async ({ profile }) => {
  const page = await open(profile)
  await drop(page, [sample('shapes.onnx'), sample('shapes-test.npz')])
  const shapes = card(page, 'shapes.onnx')
  await shapes.getByTestId('shrink').click()
  // the search for the best way on the data takes a while
  await expect(shapes.getByTestId('download')).toBeVisible({ timeout: 45_000 })
  await expect(shapes).toContainText('on 288 of your samples')
  await drop(page, [sample('shapes-int8.onnx')])
  await expect(card(page, 'shapes-int8.onnx').getByTestId('shrink')).toBeVisible()
  const download = () => downloadedBytes(page, () => shapes.getByTestId('download').click())
  const before = await download()

  await page.reload()
  await expect(shapes.getByTestId('download')).toBeVisible()
  await expect(shapes).toContainText('on 288 of your samples')
  await expect(shapes).toContainText('shapes-test.npz')
  const after = await download()
  expect(after.name).toBe(before.name)
  expect(sha256(after.bytes)).toBe(sha256(before.bytes))
  await expect(card(page, 'shapes-int8.onnx').getByTestId('shrink')).toBeVisible()

  await shapes.getByRole('button', { name: 'Remove shapes.onnx' }).click()
  await page.reload()
  await expect(card(page, 'shapes-int8.onnx')).toBeVisible()
  await expect(shapes).toHaveCount(0)
})

test('the same drop again is answered from the store in less than a second, and can be made again @once', async ({
  profile,
  model,
}) => {
  const page = await open(profile)
  await startJob(page, model)
  const expected = await resultOf(page)
  await slow(page)
    .getByRole('button', { name: /^Remove/ })
    .click()
  await expect(slow(page)).toHaveCount(0)

  for (const visit of ['same visit', 'next visit']) {
    if (visit === 'next visit') {
      await slow(page)
        .getByRole('button', { name: /^Remove/ })
        .click()
      await page.reload()
      await expect(page.locator('#choose')).toBeVisible()
    }
    await page.evaluate(() => {
      let start = 0
      addEventListener('drop', () => (start = performance.now()), { capture: true })
      const watch = new MutationObserver(() => {
        if (start === 0 || !document.querySelector('[data-testid=size]')) return
        document.body.dataset['tookMs'] = String(performance.now() - start)
        watch.disconnect()
      })
      watch.observe(document.body, { childList: true, subtree: true })
    })
    await drop(page, [model])
    await expect(slow(page).getByTestId('answered')).toContainText('Answered from the store: made on')
    // the notice comes a moment before the figures
    await expect(page.locator('body')).toHaveAttribute('data-took-ms', /\d/)
    const tookMs = Number(await page.locator('body').getAttribute('data-took-ms'))
    console.log(`${visit}: answered in ${tookMs.toFixed(0)} ms`)
    expect(tookMs).toBeGreaterThan(0)
    expect(tookMs).toBeLessThan(1000)
    expect(await resultOf(page)).toBe(expected)
  }

  await slow(page).getByTestId('measure-again').click()
  await expect(slow(page).getByRole('progressbar')).toBeVisible()
  expect(await resultOf(page)).toBe(expected)
  await expect(slow(page).getByTestId('answered')).toHaveCount(0)
})

test('the last recipe is one click away for the next file @once', async ({ profile }) => {
  const page = await open(profile)
  await drop(page, [sample('shapes.onnx')])
  await page.getByTestId('shrink').click()
  await page.getByRole('button', { name: /^Use float16 instead \d/ }).click()
  await expect(page.getByTestId('size')).toContainText('37.')
  await page.reload()
  await drop(page, [sample('shapes-int8.onnx')])
  const next = card(page, 'shapes-int8.onnx')
  await next.getByRole('button', { name: 'Use last recipe' }).click()
  await expect(next.getByTestId('shrink')).toContainText('float16')
})
