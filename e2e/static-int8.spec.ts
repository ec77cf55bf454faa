import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeShapePictures } from './shape-pictures'
import { card, cli, downloadedBytes, drop, expect, open, sample, sha256, test } from './support'

const run = promisify(execFile)
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const PICTURES = 120

/** What axe finds in both themes, narrow and wide, and whether the page is wider than the window. */
async function look(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      )
      expect(found, `${screen}, ${colorScheme}, ${width} px`).toEqual([])
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(beyond, `${screen}, ${width} px: pixels beyond the right edge`).toBeLessThanOrEqual(0)
    }
  }
}

test('a budget, a front, a layer kept in float, a report; and the same bytes on the command line', async ({ page }) => {
  test.setTimeout(180_000)
  const folder = await mkdtemp(join(tmpdir(), 'plume-e2e-'))
  try {
    const pictures = await writeShapePictures(join(folder, 'pictures'), PICTURES)
    await open(page)
    await drop(page, [sample('shapes.onnx'), ...(await readdir(pictures)).map((name) => join(pictures, name))])
    const shapes = card(page, 'shapes.onnx')
    await expect(shapes).toContainText(`${PICTURES + 1} files`)

    // a budget, by keyboard
    const dial = shapes.getByTestId('budget-dial')
    await expect(dial).toHaveAttribute('aria-valuetext', 'No measurable loss')
    await dial.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect(dial).toHaveAttribute('aria-valuetext', 'At most 1 point lost')
    await shapes.getByText('More for the search').click()
    await shapes.getByTestId('max-trials').fill('6')
    await shapes.getByTestId('max-trials').press('Tab')
    await look(page, 'budget')

    // the front of the search, as it goes and at the end
    await shapes.getByTestId('shrink').click()
    await expect(shapes.getByTestId('pareto').getByRole('img')).toBeVisible({ timeout: 60_000 })
    await expect(shapes.getByTestId('download')).toBeVisible({ timeout: 90_000 })
    const front = shapes.getByTestId('pareto')
    await expect(front.getByRole('img')).toHaveAttribute(
      'aria-label',
      /ways? to shrink this model, by size and quality/,
    )
    await front.getByTestId('chart-toggle').click()
    await expect(front.getByRole('row')).not.toHaveCount(0)
    const csv = await downloadedBytes(page, () => front.getByTestId('chart-csv').click())
    expect(csv.name).toBe('shapes.onnx-pareto.csv')
    expect(new TextDecoder().decode(csv.bytes)).toContain('original,73323,0,original')
    await front.getByTestId('chart-toggle').click()
    const svg = await downloadedBytes(page, () => front.getByTestId('chart-svg').click())
    expect(new TextDecoder().decode(svg.bytes)).toMatch(/^<svg [^]*original<\/text>[^]*<\/svg>$/)
    const png = await downloadedBytes(page, () => front.getByTestId('chart-png').click())
    expect([...png.bytes.slice(1, 4)]).toEqual([...Buffer.from('PNG')])

    // every layer, and one of them kept in float
    await shapes.getByTestId('layers').getByText('Layer by layer').click()
    await shapes.getByTestId('measure-layers').click()
    const grid = shapes.getByTestId('layer-grid')
    await expect(grid).toBeVisible({ timeout: 60_000 })
    await shapes.getByText('On every provider').click()
    await look(page, 'result')
    await grid.getByRole('button', { name: 'Layer' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await expect(grid.getByRole('checkbox').first()).toBeFocused()
    const name = (await grid.getByRole('checkbox').first().getAttribute('aria-label'))?.slice(5, -9) ?? ''
    await page.keyboard.press('Space')
    await expect(shapes.getByTestId('layers')).toContainText(/1 layer in float: [+−][\d.]+ k?B, .* expected/)
    await expect(shapes.getByTestId('histogram').getByRole('img')).toHaveAttribute('aria-label', /levels, .* clipped/)
    await shapes.getByTestId('make').click()
    const versions = shapes.getByRole('group', { name: 'Results of this file' }).getByRole('button')
    await expect(versions).toHaveCount(2, { timeout: 60_000 })

    // the report of it
    const report = await downloadedBytes(page, () => shapes.getByTestId('report-html').click())
    expect(report.name).toBe('shapes.small.onnx.report.html')
    expect(new TextDecoder().decode(report.bytes)).toContain(`${name}=float`)

    // the command line: from the same pictures, and from the recipe's ranges without them
    const { bytes } = await downloadedBytes(page, () => shapes.getByTestId('download').click())
    await shapes.getByText('Recipe and command line').click()
    const recipe = await shapes.getByTestId('recipe').innerText()
    expect(recipe).toContain('"ranges"')
    const compress = async (...flags: string[]) => {
      const output = join(folder, `out-${flags.length}.onnx`)
      await run(process.execPath, [cli, 'compress', sample('shapes.onnx'), '-o', output, '--quiet', ...flags])
      return sha256(await readFile(output))
    }
    const recipeFile = join(folder, 'recipe.json')
    await writeFile(recipeFile, recipe)
    expect(await compress('--recipe', recipeFile), 'replayed from stored ranges').toBe(sha256(bytes))
    const { steps } = JSON.parse(recipe) as { steps: { method: string; options: Record<string, unknown> }[] }
    const asked = { version: 1, seed: 0, steps: steps.map(({ method, options }) => ({ method, options })) }
    await writeFile(recipeFile, JSON.stringify(asked))
    expect(await compress('--recipe', recipeFile, '--test', pictures), 'calibrated anew').toBe(sha256(bytes))
  } finally {
    await rm(folder, { recursive: true })
  }
})
