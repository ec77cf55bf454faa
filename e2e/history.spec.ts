import { unzipSync } from 'fflate'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { card, downloadedBytes, drop, expect, open, sample, sha256, test } from './support'

const rows = (page: Page) => page.getByTestId('history-row')
const shapes = (page: Page) => card(page, 'shapes.onnx')

/** Two results of one file: first int8, then float16. */
async function makeTwo(page: Page): Promise<void> {
  await open(page)
  await drop(page, [sample('shapes.onnx')])
  await shapes(page).getByTestId('shrink').click()
  await expect(shapes(page).getByTestId('download')).toBeVisible()
  await shapes(page)
    .getByRole('button', { name: /^Use float16 instead/ })
    .click()
  await expect(shapes(page).locator('.version')).toHaveCount(2)
}

async function openHistory(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'History' }).click()
  await expect(page.getByRole('heading', { name: 'History', level: 1 })).toBeFocused()
}

const row = (page: Page, method: string) => rows(page).filter({ hasText: method })
const star = (of: Locator) => of.getByRole('button', { name: /star/i })

test('results outlive a reload: they are found, searched, starred, renamed and opened again', async ({ page }) => {
  await makeTwo(page)
  await page.reload()
  await openHistory(page)
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).first()).toContainText('float16')
  await expect(rows(page).first()).toContainText('37.7 kB')

  const search = page.getByLabel('Search')
  await search.fill('INT8')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByTestId('live')).toHaveText('1 result')
  await search.fill('no such thing')
  await expect(page.getByText('No result fits.')).toBeVisible()
  await search.fill('')
  await page.getByLabel('Order').selectOption('Smallest first')
  await expect(rows(page).first()).toContainText('weights-int8')

  await star(row(page, 'weights-int8')).click()
  await page.getByLabel('Starred only').check()
  await expect(rows(page)).toHaveCount(1)
  await page.getByLabel('Starred only').uncheck()

  const renamed = row(page, 'weights-int8')
  await renamed.getByRole('button', { name: /^Rename/ }).click()
  await page.keyboard.type('never mind')
  await page.keyboard.press('Escape')
  await expect(renamed.getByRole('button', { name: 'Rename shapes.onnx' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByLabel('New name').fill('the one we ship')
  await page.keyboard.press('Enter')
  await expect(renamed.getByRole('button', { name: 'Rename the one we ship' })).toBeFocused()

  await page.reload()
  await expect(row(page, 'the one we ship')).toHaveCount(1)
  await expect(star(row(page, 'the one we ship'))).toHaveAttribute('aria-pressed', 'true')
  const { bytes } = await downloadedBytes(page, () =>
    row(page, 'the one we ship')
      .getByRole('button', { name: /^Download/ })
      .click(),
  )
  const recorded = await resultHashes(page)
  expect(recorded).toContain(sha256(bytes))

  await page.getByRole('link', { name: 'the one we ship' }).click()
  await expect(shapes(page).getByTestId('download')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()
})

/** SHA-256 of every result, as its report has it. */
const resultHashes = (page: Page) =>
  page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '')
    const hashes: string[] = []
    for (const name of names) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('no database'))
      })
      if (db.objectStoreNames.contains('results')) {
        const all = db.transaction('results').objectStore('results').getAll()
        await new Promise((resolve) => (all.onsuccess = resolve))
        hashes.push(...all.result.map(({ report }) => report.output.sha256 as string))
      }
      db.close()
    }
    return hashes
  })

test('what is deleted goes at once, the focus goes to Undo, and undo brings it back', async ({ page }) => {
  await makeTwo(page)
  await openHistory(page)
  await row(page, 'float16')
    .getByRole('button', { name: /^Delete/ })
    .focus()
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByTestId('undo')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByTestId('undo')).toHaveCount(0)

  // both, then nothing is left, and after the time for undo they stay away
  for (const box of await rows(page).getByRole('checkbox').all()) await box.check()
  await page.getByTestId('remove-selected').click()
  await expect(rows(page)).toHaveCount(0)
  await expect(page.getByRole('status').filter({ hasText: '2 results were deleted.' })).toBeVisible()
  await expect(page.getByTestId('undo')).toHaveCount(0, { timeout: 12_000 })
  await page.reload()
  await expect(page.getByText('Nothing here yet.')).toBeVisible()
})

test('two results side by side: facts, recipe, tensors, a chart; X fills the pane with one of them', async ({
  page,
}) => {
  await makeTwo(page)
  await openHistory(page)
  for (const box of await rows(page).getByRole('checkbox').all()) await box.check()
  await page.getByTestId('compare').click()

  const facts = page.getByTestId('compare-table')
  const size = facts.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^Size differs/ }) })
  await expect(size.getByRole('cell')).toHaveText(['37.7 kB', '20.3 kB'])
  await expect(facts.getByRole('rowheader', { name: 'Input', exact: true })).toBeVisible()
  await expect(page.getByTestId('compare-steps')).toContainText('no')

  await page.keyboard.press('x')
  await expect(size.getByRole('cell')).toHaveText(['37.7 kB'])
  await page.keyboard.press('x')
  await expect(size.getByRole('cell')).toHaveText(['20.3 kB'])
  await page.getByRole('button', { name: 'Both, as a table' }).click()
  await page.getByRole('button', { name: 'Swap A and B' }).click()
  await expect(size.getByRole('cell')).toHaveText(['20.3 kB', '37.7 kB'])

  const tensors = page.getByTestId('tensor-diff')
  await expect(tensors.getByRole('row').nth(1)).toContainText('float32 → int8')
  await tensors.getByRole('button', { name: /^Result B: size/ }).click()
  await expect(tensors.getByRole('columnheader', { name: /^Result B: size/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  )

  await expect(page.getByRole('button', { name: /^A: weights-int8/ })).toBeVisible()
  await page.getByRole('button', { name: 'Show as table' }).click()
  await expect(page.getByTestId('scatter-table').getByRole('row')).toHaveCount(3)

  const { name, bytes } = await downloadedBytes(page, () => page.getByTestId('csv').click())
  const lines = new TextDecoder().decode(bytes).split('\r\n')
  expect(name).toBe('plume-compare.csv')
  expect(lines).toContain('Size,20.3 kB,37.7 kB')
  expect(lines.filter((line) => /,int8,\d+,[\d.]+,float16,\d+,[\d.]+$/.test(line)).length).toBeGreaterThan(2)
})

test('a result is run again with a preset of its own, without dropping the file again', async ({ page }) => {
  await open(page)
  await drop(page, [sample('shapes.onnx')])
  await shapes(page).getByRole('button', { name: 'Options' }).click()
  await page.getByRole('radio', { name: /^Choose the steps/ }).check()
  await page.getByTestId('save-preset').click()
  await page.getByLabel('Name of the preset').fill('for the edge')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Use the preset for the edge' })).toBeVisible()
  await page.getByRole('button', { name: 'Close' }).click()
  await shapes(page).getByTestId('shrink').click()
  await expect(shapes(page).getByTestId('download')).toBeVisible()
  await shapes(page)
    .getByRole('button', { name: /^Use float16 instead/ })
    .click()
  await expect(shapes(page).locator('.version')).toHaveCount(2)
  await page.reload()

  await openHistory(page)
  await row(page, 'float16')
    .getByRole('button', { name: /again with another recipe/ })
    .click()
  await page.getByRole('button', { name: /^for the edge/ }).click()
  await expect(shapes(page).getByTestId('download')).toBeVisible()
  await expect(shapes(page).locator('.version')).toHaveCount(3)

  await openHistory(page)
  await row(page, 'float16')
    .first()
    .getByRole('button', { name: /again with another recipe/ })
    .click()
  await page.getByTestId('again-options').click()
  await page.getByLabel('Not these tensors').first().fill('conv*')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(shapes(page).locator('.version')).toHaveCount(4)

  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  const preset = page.getByTestId('preset')
  await preset.getByRole('button', { name: /^Rename/ }).click()
  await page.keyboard.type('for phones')
  await page.keyboard.press('Enter')
  await expect(preset).toContainText('for phones')
  await preset.getByRole('button', { name: /^Delete/ }).click()
  await expect(preset).toHaveCount(0)
  await page.getByTestId('undo').click()
  await expect(preset).toContainText('for phones')
})

test('all results in one zip: the very bytes, with report and recipe, in folders of their own', async ({ page }) => {
  await makeTwo(page)
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  const { name, bytes } = await downloadedBytes(page, () => page.getByTestId('zip').click())
  expect(name).toBe('plume-results.zip')
  const entries = unzipSync(bytes)
  const folders = ['shapes.onnx', 'shapes.onnx (2)']
  const expected = folders.flatMap((folder) =>
    ['recipe.json', 'report.json', 'shapes.small.onnx'].map((file) => `${folder}/${file}`),
  )
  expect(Object.keys(entries).sort()).toEqual(expected.sort())
  const text = (path: string) => new TextDecoder().decode(entries[path])
  for (const folder of folders) {
    const report = JSON.parse(text(`${folder}/report.json`))
    expect(sha256(entries[`${folder}/shapes.small.onnx`] ?? new Uint8Array())).toBe(report.output.sha256)
    expect(report.input.sha256).toBe(sha256(readFileSync(sample('shapes.onnx'))))
    expect(JSON.parse(text(`${folder}/recipe.json`))).toEqual(report.recipe)
  }
})

test('a result whose bytes are gone says so, and is made again from its input', async ({ page }) => {
  await makeTwo(page)
  const recorded = await resultHashes(page)
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    for await (const [, folder] of root.entries()) {
      if (folder.kind === 'directory') await folder.removeEntry('results', { recursive: true }).catch(() => undefined)
    }
  })
  await openHistory(page)
  await row(page, 'float16')
    .getByRole('button', { name: /^Download/ })
    .click()
  await expect(row(page, 'float16')).toContainText('Its bytes are damaged')
  await expect(page.getByTestId('trouble-evicted')).toContainText('shapes.onnx')
  await page.getByTestId('trouble-evicted').getByRole('button').click()
  await expect(page.getByTestId('trouble-evicted')).toHaveCount(0)

  await row(page, 'float16').getByRole('button', { name: 'Make again' }).click()
  await page.getByTestId('again-same').click()
  const made = page.locator('article[data-phase=done]').first()
  await expect(made.getByTestId('download')).toBeVisible()
  const { bytes } = await downloadedBytes(page, () => made.getByTestId('download').click())
  expect(recorded).toContain(sha256(bytes))
})

test('without its input a result asks for the file, and starts when it comes', async ({ page }) => {
  await makeTwo(page)
  await shapes(page).getByRole('button', { name: 'Remove shapes.onnx' }).click()
  await openHistory(page)
  await row(page, 'float16')
    .getByRole('button', { name: /again with another recipe/ })
    .click()
  await page.getByTestId('again-auto').click()
  await expect(shapes(page).getByTestId('missing')).toContainText('shapes.onnx')
  await drop(page, [sample('shapes.onnx')])
  await expect(shapes(page).getByTestId('download')).toBeVisible()
})

test('packing a large zip can be cancelled, and leaves nothing behind', async ({ page }) => {
  await makeTwo(page)
  const { files, leftOver } = await storeFolders(page)
  await files.evaluate((fill) => fill(200))
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  await page.getByTestId('zip').click()
  await expect(page.getByRole('progressbar', { name: 'Packing the zip' })).toBeVisible()
  await page.getByTestId('zip-cancel').click()
  await expect(page.getByTestId('live')).toHaveText('Packing was cancelled.')
  await expect(page.getByTestId('zip')).toBeEnabled()
  await expect.poll(() => leftOver.evaluate((count) => count())).toBe(0)
})

/** The store's folders in the private file system: makes the first result's file larger, and counts unfinished files. */
async function storeFolders(page: Page) {
  const all = await page.evaluateHandle(async () => {
    const root = await navigator.storage.getDirectory()
    const folderOf = async (kind: string) => {
      for await (const [, store] of root.entries()) {
        if (store.kind !== 'directory') continue
        for await (const [name, folder] of store.entries()) {
          if (name === kind && folder.kind === 'directory') return folder
        }
      }
      throw new Error(`no folder ${kind}`)
    }
    // a file whose length is not the recorded one is damaged, and not packed
    const setSize = async (id: string, sizeBytes: number) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('plume')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('no database'))
      })
      const results = db.transaction('results', 'readwrite').objectStore('results')
      const found = results.get(id)
      await new Promise((resolve) => (found.onsuccess = resolve))
      found.result.files[0].sizeBytes = sizeBytes
      const put = results.put(found.result)
      await new Promise((resolve) => (put.onsuccess = resolve))
      db.close()
    }
    return {
      files: async (megabytes: number) => {
        for await (const [id, folder] of (await folderOf('results')).entries()) {
          if (folder.kind !== 'directory') continue
          const writable = await (await folder.getFileHandle('0')).createWritable()
          const megabyte = crypto.getRandomValues(new Uint8Array(65_536))
          for (let i = 0; i < megabytes * 16; i++) await writable.write(megabyte)
          await writable.close()
          return setSize(id, megabytes * 16 * megabyte.byteLength)
        }
      },
      leftOver: async () => {
        const names: string[] = []
        for await (const name of (await folderOf('temporary')).keys()) names.push(name)
        return names.length
      },
    }
  })
  return {
    files: await all.evaluateHandle(({ files }) => files),
    leftOver: await all.evaluateHandle(({ leftOver }) => leftOver),
  }
}
