import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { cli, expect, sample, test } from './support'

interface Prediction {
  readonly label: string
  readonly probability: number
  readonly probabilities: readonly number[]
}
interface CellsModule {
  readonly columns: readonly string[]
  load(): Promise<{ predict(rows: readonly (readonly string[])[]): Prediction[] }>
}

test('a trained model leaves as a JavaScript module that predicts alike in Node and in the browser', async ({
  page,
  baseURL,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'plume-module-'))
  try {
    const output = join(folder, 'cells.mjs')
    const flags = ['--layers', '64,32', '--epochs', '5', '--quiet']
    await promisify(execFile)(process.execPath, [cli, 'train', sample('cells.csv'), '-o', output, ...flags])
    const code = await readFile(output)
    expect(code.length).toBeLessThan(40_000)

    const [header, ...lines] = (await readFile(sample('cells.csv'), 'utf8')).trim().split('\n')
    const names = (header as string).split(',')
    const { columns, load } = (await import(pathToFileURL(output).href)) as CellsModule
    const table = lines.map((line) => line.split(','))
    const rows = table.map((cells) => columns.map((column) => cells[names.indexOf(column)] as string))
    const inNode = (await load()).predict(rows)
    const right = inNode.filter(({ label }, i) => label === table[i]?.[names.indexOf('diagnosis')]).length
    expect(right / rows.length).toBeGreaterThan(0.9)

    // beside the page, under no policy of its own
    const files = { 'cells.mjs': 'text/javascript', 'cells.html': 'text/html' }
    for (const [name, contentType] of Object.entries(files)) {
      const body = await readFile(join(folder, name))
      await page.route(`${baseURL}module-test/${name}`, (route) => route.fulfill({ contentType, body }))
    }
    await page.goto(`${baseURL}module-test/cells.html`)
    const inBrowser = await page.evaluate(async (given) => {
      const module = (await import('./cells.mjs' as string)) as CellsModule
      return (await module.load()).predict(given)
    }, rows)
    expect(inBrowser.map(({ label }) => label)).toEqual(inNode.map(({ label }) => label))
    inBrowser.forEach(({ probability }, i) => expect(probability).toBeCloseTo((inNode[i] as Prediction).probability, 6))

    // the page that comes with it
    for (const [i, column] of columns.entries()) {
      await page.getByLabel(column, { exact: true }).fill(rows[0]?.[i] as string)
    }
    await page.getByRole('button', { name: 'Predict' }).click()
    await expect(page.getByRole('status')).toContainText(`"label": "${inNode[0]?.label}"`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
