import type { Page } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { encodeOnnx } from '../src/formats/onnx/encode'
import { buildModel, node, ramp } from '../src/testing/build-model'
import { card, downloadedBytes, drop, expect, open, sample, sha256, test as base } from './support'

/**
 * The store in a real browser: real disk, real locks, real quota, tabs that are killed. What the page asks of its store
 * is asked here too, of a worker of the same script in the same tab.
 */
const test = base.extend<{ second: Page; other: string }>({
  second: async ({ context }, use) => {
    const page = await context.newPage()
    await use(page)
    await page.close()
  },
  /** Another small model that can be made smaller. */
  other: async ({ baseURL: _baseURL }, use) => {
    const model = buildModel({
      inputs: { x: ['float32', ['batch', 64]] },
      outputs: { y: ['float32', ['batch', 10]] },
      nodes: [node('MatMul', 'x w1', 'h'), node('Relu', 'h', 'r'), node('MatMul', 'r w2', 'y')],
      initializers: { w1: ramp([64, 100], 0.017), w2: ramp([100, 10], 0.023) },
    })
    const folder = await mkdtemp(join(tmpdir(), 'plume-model-'))
    const path = join(folder, 'other.onnx')
    await writeFile(path, await encodeOnnx(model))
    await use(path)
    await rm(folder, { recursive: true, force: true })
  },
})

/** Address of the store's worker, which starts some time after the page is there. */
async function storeWorkerOf(page: Page): Promise<string> {
  const find = () =>
    page.evaluate(
      () =>
        performance.getEntriesByType('resource').find(({ name }) => /\/store\.worker-[^/]*\.js$/.test(name))?.name ??
        '',
    )
  await expect.poll(find, { timeout: 30_000 }).not.toBe('')
  return find()
}

/** Calls the store's worker as Comlink does: results are plain values. */
async function ask<T>(page: Page, method: string, ...args: unknown[]): Promise<T> {
  const script = await storeWorkerOf(page)
  return page.evaluate(
    async ([script, method, args]) => {
      const scope = globalThis as { testStore?: Worker }
      const worker = (scope.testStore ??= new Worker(script, { type: 'module' }))
      const id = crypto.randomUUID()
      const argumentList = args.map((value) => ({ type: 'RAW', value }))
      return new Promise<T>((resolve, reject) => {
        worker.addEventListener('message', ({ data }) => {
          if (data.id !== id) return
          if (data.name === 'throw') reject(new Error(JSON.stringify(data.value)))
          else resolve(data.value as T)
        })
        worker.postMessage({ id, type: 'APPLY', path: [method], argumentList })
      })
    },
    [script, method, args] as const,
  )
}

/** What is in the store, read past it: records by name of their table, files by path with their SHA-256. */
const inside = (page: Page) =>
  page.evaluate(async () => {
    const tables: Record<string, Record<string, unknown>[]> = {}
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('plume')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('no database'))
    })
    for (const name of ['results', 'inputs', 'journal']) {
      const all = db.transaction(name).objectStore(name).getAll()
      await new Promise((resolve) => (all.onsuccess = resolve))
      tables[name] = all.result
    }
    db.close()
    const files: Record<string, { sizeBytes: number; sha256: string | null }> = {}
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'directory') {
          await walk(entry, `${path}${name}/`)
          continue
        }
        const file = await entry.getFile()
        // half of a large copy is only counted
        const digest = file.size > 50_000_000 ? null : await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
        const hex = digest && [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
        files[`${path}${name}`] = { sizeBytes: file.size, sha256: hex }
      }
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('plume'), '')
    return { tables, files }
  })

type Inside = Awaited<ReturnType<typeof inside>>
interface Kept {
  readonly id: string
  readonly name: string
  readonly files: readonly { readonly sizeBytes: number; readonly sha256: string }[]
}
const resultsOf = ({ tables }: Inside) => tables['results'] as unknown as Kept[]
const inputsOf = ({ tables }: Inside) => tables['inputs'] as unknown as Kept[]

/** Every record has its bytes, whole, and every byte has its record. */
function expectWhole(found: Inside): void {
  const expected: Record<string, number> = {}
  for (const { id, files } of resultsOf(found)) {
    files.forEach(({ sizeBytes, sha256 }, i) => {
      expected[`results/${id}/${i}`] = sizeBytes
      expect(found.files[`results/${id}/${i}`]?.sha256).toBe(sha256)
    })
  }
  for (const { id, files } of inputsOf(found)) {
    files.forEach(({ sizeBytes }, i) => (expected[`inputs/${id}/${i}`] = sizeBytes))
  }
  const kept = Object.entries(found.files).filter(([path]) => /^(results|inputs)\//.test(path))
  expect(Object.fromEntries(kept.map(([path, { sizeBytes }]) => [path, sizeBytes]))).toEqual(expected)
}

async function makeOne(page: Page, path = sample('shapes.onnx')): Promise<void> {
  await drop(page, [path])
  const made = card(page, basename(path))
  await made.getByTestId('shrink').click()
  await expect(made.getByTestId('download')).toBeVisible({ timeout: 30_000 })
}

/** Its result stays. */
async function removeCard(page: Page, name: string): Promise<void> {
  await card(page, name)
    .getByRole('button', { name: `Remove ${name}` })
    .click()
  await expect.poll(async () => inputsOf(await inside(page)).length).toBe(0)
}

const openHistory = (page: Page) => page.getByRole('navigation').getByRole('link', { name: 'History' }).click()
const rows = (page: Page) => page.getByTestId('history-row')

test('two tabs that write at the same time keep everything of both', async ({ page, second, other }) => {
  const [one, two] = [page, second]
  await open(one)
  await open(two)
  /** Twenty cards of three different inputs, kept, noted and half of them forgotten. */
  const keepMany = async (tab: Page) =>
    tab.evaluate(
      async (script) => {
        const worker = new Worker(script, { type: 'module' })
        const call = (method: string, ...args: unknown[]) =>
          new Promise<void>((resolve, reject) => {
            const id = crypto.randomUUID()
            worker.addEventListener('message', ({ data }) => {
              if (data.id === id)
                return data.name === 'throw' ? reject(new Error(JSON.stringify(data.value))) : resolve()
            })
            worker.postMessage({
              id,
              type: 'APPLY',
              path: [method],
              argumentList: args.map((value) => ({ type: 'RAW', value })),
            })
          })
        const one = async (n: number) => {
          const id = crypto.randomUUID()
          const bytes = new Uint8Array(100_000 + (n % 3)).fill(n % 3)
          await call('keepJob', id, [{ path: 'm.onnx', file: new File([bytes], 'm.onnx') }], null)
          await call('identifyJob', id, `${n % 3}`.repeat(64))
          await call('noteJob', id, { phase: 'failed' })
          if (n % 2 === 1) await call('forgetJob', id)
        }
        await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)))
      },
      await storeWorkerOf(tab),
    )
  await Promise.all([makeOne(one), makeOne(two, other), keepMany(one), keepMany(two)])
  const found = await inside(one)
  expectWhole(found)
  expect(
    resultsOf(found)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['other.onnx', 'shapes.onnx'])
  // twenty of forty cards were forgotten, equal inputs are kept once, and both pages have a card of their own
  expect(found.tables['journal']).toHaveLength(22)
  expect(inputsOf(found)).toHaveLength(5)
  for (const tab of [one, two]) {
    await openHistory(tab)
    await expect(rows(tab)).toHaveCount(2)
    await expect(tab.locator('[data-testid^=trouble-]')).toHaveCount(0)
  }
})

test('a tab that is killed in the middle of writing leaves no half file, and nothing else is harmed', async ({
  page,
  context,
}) => {
  test.setTimeout(120_000)
  await open(page)
  await makeOne(page)
  const before = await inside(page)
  expectWhole(before)

  const victim = await context.newPage()
  await open(victim)
  await victim.evaluate(
    (script) => {
      const worker = new Worker(script, { type: 'module' })
      const megabytes = Array.from({ length: 600 }, () => new Uint8Array(1_000_000).fill(7))
      const file = new File(megabytes, 'large.onnx')
      const argumentList = [crypto.randomUUID(), [{ path: 'large.onnx', file }], null].map((value) => ({
        type: 'RAW',
        value,
      }))
      worker.postMessage({ id: 'keep', type: 'APPLY', path: ['keepJob'], argumentList })
    },
    await storeWorkerOf(victim),
  )
  // half of it is on the disk, and another tab that opens leaves it alone
  const known = new Set(inputsOf(before).map(({ id }) => `inputs/${id}/0`))
  const half = async () => {
    const { files } = await inside(page)
    const [path, file] = Object.entries(files).find(([path]) => path.startsWith('inputs/') && !known.has(path)) ?? []
    return path && file ? { path, sizeBytes: file.sizeBytes } : null
  }
  await expect.poll(async () => (await half())?.sizeBytes ?? 0, { intervals: [20] }).toBeGreaterThan(0)
  await ask(page, 'list')
  const session = await context.newCDPSession(victim)
  const crashed = victim.waitForEvent('crash')
  session.send('Page.crash').catch(() => undefined) // nobody is left to answer
  await crashed
  const left = await half()
  expect(left?.sizeBytes).toBeGreaterThan(0)
  expect(left?.sizeBytes).toBeLessThan(600_000_000)
  expect(inputsOf(await inside(page)).map(({ id }) => id)).toEqual(inputsOf(before).map(({ id }) => id))
  await victim.close()

  // the same of a result: bytes that came before their record
  await page.evaluate(async () => {
    const results = await (
      await navigator.storage.getDirectory()
    )
      .getDirectoryHandle('plume')
      .then((plume) => plume.getDirectoryHandle('results'))
    const folder = await results.getDirectoryHandle(crypto.randomUUID(), { create: true })
    const half = await (await folder.getFileHandle('0', { create: true })).createWritable()
    await half.write(new Uint8Array(1000))
    await half.close()
  })
  await page.reload()
  await openHistory(page)
  await expect(rows(page)).toHaveCount(1)
  await expect(page.locator('[data-testid^=trouble-]')).toHaveCount(0)
  await expect.poll(async () => Object.keys((await inside(page)).files).length).toBe(Object.keys(before.files).length)
  const after = await inside(page)
  expectWhole(after)
  expect(resultsOf(after)).toEqual(resultsOf(before))
  // the card whose copy was cut off comes back and asks for its file
  await page.getByRole('navigation').getByRole('link').first().click()
  await expect(card(page, 'large.onnx').getByTestId('missing')).toContainText('large.onnx')
})

test('one flipped byte in a stored file is found, named and never handed out; others are whole', async ({
  page,
  other,
}) => {
  await open(page)
  await makeOne(page)
  await removeCard(page, 'shapes.onnx')
  await makeOne(page, other)
  await removeCard(page, 'other.onnx')
  const found = await inside(page)
  const broken = resultsOf(found).find(({ name }) => name === 'shapes.onnx')
  const wrong = await page.evaluate(async (id) => {
    const folder = await ['plume', 'results', id].reduce(
      async (at, name) => (await at).getDirectoryHandle(name),
      navigator.storage.getDirectory(),
    )
    const handle = await folder.getFileHandle('0')
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer())
    const at = bytes.length >> 1
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const writable = await handle.createWritable()
    await writable.write(bytes)
    await writable.close()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }, broken?.id ?? '')

  await openHistory(page)
  const row = rows(page).filter({ hasText: 'shapes.onnx' })
  await row.getByRole('button', { name: /^Download/ }).click()
  await expect(page.getByTestId('trouble-damaged')).toContainText('shapes.onnx is damaged and was set aside')
  await expect(row).toContainText('Its bytes are damaged')

  // the same file again is not answered with them
  await page.reload()
  await drop(page, [sample('shapes.onnx')])
  const again = card(page, 'shapes.onnx')
  await expect(again.getByTestId('answered')).toHaveCount(0)
  await again.getByTestId('shrink').click()
  await expect(again.getByTestId('download')).toBeVisible({ timeout: 30_000 })
  const { bytes } = await downloadedBytes(page, () => again.getByTestId('download').click())
  expect(sha256(bytes)).not.toBe(wrong)
  expect(sha256(bytes)).toBe(broken?.files[0]?.sha256)
  expect((await ask<{ isDamaged: boolean }[]>(page, 'list')).map(({ isDamaged }) => isDamaged).sort()).toEqual([
    false,
    false,
    true,
  ])
})

test('a store of a newer Plume is left alone: the page says so, works, and shows this visit', async ({ page }) => {
  const blank = { contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:," />' }
  await page.route('**/blank.html', (route) => route.fulfill(blank))
  await page.goto('./blank.html')
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('plume', 99)
        request.onupgradeneeded = () => request.result.createObjectStore('to come').add('precious', 'key')
        request.onsuccess = () => resolve(request.result.close())
        request.onerror = () => reject(request.error ?? new Error('no database'))
      }),
  )
  await open(page)
  await expect(page.getByTestId('trouble-newer')).toContainText('A newer version of Plume has written the store.')
  await makeOne(page)
  const { bytes } = await downloadedBytes(page, () => card(page, 'shapes.onnx').getByTestId('download').click())
  expect(bytes.byteLength).toBeGreaterThan(1000)
  await openHistory(page)
  await expect(rows(page)).toHaveCount(1)
  const again = await downloadedBytes(page, () =>
    rows(page)
      .getByRole('button', { name: /^Download/ })
      .click(),
  )
  expect(sha256(again.bytes)).toBe(sha256(bytes))
  expect(
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.open('plume')
          request.onsuccess = () => {
            const { version } = request.result
            const get = request.result.transaction('to come').objectStore('to come').get('key')
            get.onsuccess = () => resolve([version, get.result])
          }
        }),
    ),
  ).toEqual([99, 'precious'])
  await page.reload()
  await openHistory(page)
  await expect(rows(page)).toHaveCount(0)
})

test('a full disk: the oldest result without a star makes room, and says so; what is starred stays', async ({
  page,
  context,
  baseURL,
  other,
}) => {
  await open(page)
  const session = await context.newCDPSession(page)
  const origin = new URL(baseURL ?? '').origin
  /** Leaves no room for another result. The browser goes on promising gigabytes, as it does on a full disk. */
  const fillUp = async () => {
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin })
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 5000 })
  }
  const names = async () => resultsOf(await inside(page)).map(({ name }) => name)

  await makeOne(page)
  await removeCard(page, 'shapes.onnx')
  await fillUp()
  await makeOne(page, other)
  await expect(page.getByTestId('trouble-made-room')).toContainText('shapes.onnx')
  expect(await names()).toEqual(['other.onnx'])
  expectWhole(await inside(page))

  // the other one is starred: what is new is only on its card, and the page says so
  await removeCard(page, 'other.onnx')
  const [kept] = resultsOf(await inside(page))
  await ask(page, 'pin', kept?.id, true)
  await fillUp()
  await makeOne(page)
  await expect(page.getByTestId('trouble-full')).toContainText('There is no room to keep this result')
  expect(await names()).toEqual(['other.onnx'])
  const { bytes } = await downloadedBytes(page, () => card(page, 'shapes.onnx').getByTestId('download').click())
  expect(bytes.byteLength).toBeGreaterThan(1000)
  expectWhole(await inside(page))
})

test('without its worker the page says that nothing is kept, and works', async ({ page }) => {
  await page.route(/store\.worker-[^/]*\.js$/, (route) => route.abort())
  await page.goto('./')
  await expect(page.getByTestId('trouble-refused')).toContainText('The browser refuses to keep anything')
})
