import { test as base, expect, type Page } from '@playwright/test'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export { expect }

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const sample = (name: string) => join(root, 'public/samples', name)

const shared = join(root, '../shared/data')
/** A file of the developers' test data, or null where it is not checked out. */
export const sharedData = (path: string) => (existsSync(join(shared, path)) ? join(shared, path) : null)
export const NO_SHARED_DATA = '../shared/data is not there: real models are tested where it is'

export const cli = join(root, 'dist-cli/plume.mjs')
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Every test fails when the page, or a worker of it, asks another origin for anything or throws. */
export const test = base.extend<{ guard: void }>({
  guard: [
    async ({ context, page, baseURL }, use) => {
      const offOrigin: string[] = []
      const problems: string[] = []
      context.on('request', (request) => {
        const { protocol, origin } = new URL(request.url())
        if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin) offOrigin.push(request.url())
      })
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await use()
      expect(offOrigin, 'requests to other origins').toEqual([])
      expect(problems, 'errors of the page').toEqual([])
    },
    { auto: true },
  ],
})

export async function open(page: Page): Promise<void> {
  await page.goto('./')
  await expect(page.getByTestId('sample-shapes')).toBeVisible()
}

/** Opens the app as its second visit finds it: isolated, and under the service worker. A plain host reloads it once. */
export async function openInstalled(page: Page, address = './'): Promise<void> {
  await page.goto(address)
  await settled(page)
  await expect(page.getByTestId('sample-shapes')).toBeVisible()
}

/** Waits until the page is isolated and under the service worker; a reload may come in between. */
export async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(isSettled).catch(() => false), { timeout: 30_000 }).toBe(true)
}

const isSettled = () => crossOriginIsolated && navigator.serviceWorker.controller !== null

/** Waits until the page says that it works offline. */
export async function offlineReady(page: Page): Promise<void> {
  await expect(page.getByTestId('offline')).toHaveAttribute('data-ready', 'true', { timeout: 45_000 })
}

/** Drops files on the page as the system does: one event with all of them. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const files = paths.map((path) => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    data: readFileSync(path).toString('base64'),
  }))
  const transfer = await page.evaluateHandle((given) => {
    const result = new DataTransfer()
    for (const { name, data } of given) {
      result.items.add(new File([Uint8Array.from(atob(data), (unit) => unit.charCodeAt(0))], name))
    }
    return result
  }, files)
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
  await expect(page.getByTestId('overlay')).toBeVisible()
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
  await expect(page.getByTestId('overlay')).toBeHidden()
}

/** The card of one file. */
export const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true })

export async function downloadedBytes(
  page: Page,
  click: () => Promise<void>,
): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()])
  return { name: download.suggestedFilename(), bytes: new Uint8Array(await readFile(await download.path())) }
}

/** Runs a model in onnxruntime-web, here in the test's own process. */
export async function runModel(
  model: Uint8Array,
  feeds: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>,
) {
  const ort = await import('onnxruntime-web')
  const session = await ort.InferenceSession.create(model)
  const given = Object.entries(feeds).map(([name, { shape, values }]) => [
    name,
    new ort.Tensor('float32', values, [...shape]),
  ])
  const results = await session.run(Object.fromEntries(given) as Parameters<typeof session.run>[0])
  const outputs = Object.entries(results).map(([name, tensor]) => [name, [...(tensor.data as Float32Array)]])
  await session.release()
  return Object.fromEntries(outputs) as Record<string, number[]>
}

/** Signal to noise in decibels. */
export function sqnrDb(expected: readonly number[], found: readonly number[]): number {
  const signal = expected.reduce((sum, value) => sum + value * value, 0)
  const noise = expected.reduce((sum, value, i) => sum + (value - (found[i] ?? NaN)) ** 2, 0)
  return 10 * Math.log10(signal / noise)
}

/** Values that differ everywhere, in about [-1, 1]. */
export const wave = (count: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.7) * Math.cos(i * 0.013))
