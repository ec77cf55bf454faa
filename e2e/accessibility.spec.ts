import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { en } from '../src/app/text/en'
import { fr } from '../src/app/text/fr'
import { card, drop, expect, open, sample, test } from './support'
import { twoClasses } from './tables'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const WIDTHS = [360, 1280]
/** 1280 px at a zoom of 400 %: WCAG 2.2, criterion 1.4.10. */
const REFLOW_WIDTH = 320

/** What axe finds on the page as it stands, and whether it is wider than the window. */
async function check(page: Page, screen: string): Promise<void> {
  // axe measures colours; a card that is still fading in would be measured in between
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  )
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  expect(found, screen).toEqual([])
  await fits(page, screen)
}

async function fits(page: Page, screen: string): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${screen}: pixels beyond the right edge`).toBeLessThanOrEqual(0)
  expect(await page.evaluate(cutOff), `${screen}: beyond the edge of their card`).toEqual([])
}

/** Cards cut off what is wider than they are, unless it scrolls in a box of its own. */
function cutOff(): string[] {
  const ownBox = '.scroll, .scrolls, pre, svg, dialog, .visually-hidden'
  return [...document.querySelectorAll('article')].flatMap((article) => {
    const edge = article.getBoundingClientRect().right + 1
    return [...article.querySelectorAll('*')]
      .filter((part) => part.getBoundingClientRect().right > edge && !part.closest(ownBox))
      .map(({ tagName, className }) => `${tagName} ${String(className)}`)
  })
}

/**
 * One screen in both themes, narrow and wide, and at the width that a zoom of 400 % leaves. A translation changes no
 * colours, so that but for the full run each width has one theme there.
 */
async function look(page: Page, screen: string): Promise<void> {
  const language = await page.evaluate(() => document.documentElement.lang)
  const isWhole = language === 'en' || process.env['FULL'] === '1'
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of isWhole ? WIDTHS : [colorScheme === 'light' ? WIDTHS[0]! : WIDTHS[1]!]) {
      await page.setViewportSize({ width, height: 800 })
      await check(page, `${screen}, ${colorScheme}, ${width} px`)
    }
  }
  await page.setViewportSize({ width: REFLOW_WIDTH, height: 800 })
  await fits(page, `${screen}, ${REFLOW_WIDTH} px`)
}

async function view(page: Page, name: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, name)
  await expect(page.locator('#view-title')).toBeVisible()
  await look(page, name)
}

for (const [locale, texts] of [
  ['en-US', en],
  ['fr-FR', fr],
] as const) {
  test.describe(`accessible in both themes, narrow and wide: ${locale}`, () => {
    test.use({ locale })

    test('the way of one file: start, budget, options, running, result with layers, error', async ({ page }) => {
      test.setTimeout(240_000)
      await open(page)
      await look(page, 'start')
      await page.keyboard.press('?')
      await expect(page.getByTestId('keys')).toBeVisible()
      await look(page, 'keys')
      await page.keyboard.press('Escape')

      await drop(page, [sample('shapes.onnx'), sample('shapes-test.npz')])
      await expect(page.getByTestId('shrink')).toBeVisible()
      await page.getByText(texts.job.details).click()
      await page.getByText(texts.budget.more).click()
      await page.getByTestId('max-trials').fill('6')
      await page.getByTestId('max-trials').press('Tab')
      await page.getByLabel(texts.budget.size, { exact: true }).check()
      await page.getByTestId('budget-size').fill('?')
      await page.getByTestId('budget-size').press('Tab')
      await look(page, 'inspected, with a budget of size')
      await page.getByLabel(texts.budget.quality, { exact: true }).check()

      await page.locator('article [aria-haspopup=dialog]').click()
      await expect(page.locator('dialog[open]')).toBeVisible()
      await page.getByText(texts.options.manual).click()
      await look(page, 'options')
      await page.keyboard.press('Escape')

      // the job waits for onnxruntime, and is looked at meanwhile
      let release = () => {}
      const held = new Promise<void>((done) => (release = done))
      await page.route('**/*.wasm', async (route) => {
        await held
        await route.continue()
      })
      await page.getByTestId('shrink').click()
      await expect(page.getByRole('progressbar').first()).toBeVisible()
      await look(page, 'running')
      release()

      await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
      await expect(page.getByTestId('verdict')).toBeVisible()
      const { result, proof, layers } = texts
      for (const part of [proof.providers, proof.classes, layers.title, result.tensors, result.recipe, result.code]) {
        await page.locator('summary', { hasText: part }).click()
      }
      await page.getByTestId('measure-layers').click()
      await page.getByTestId('layer-grid').getByRole('checkbox').first().check()
      await expect(page.getByTestId('histogram').getByRole('img')).toBeVisible()
      await look(page, 'result')
      for (const chart of ['pareto', 'heat-map', 'histogram']) {
        await page.getByTestId(chart).getByTestId('chart-toggle').click()
      }
      await look(page, 'result, charts as tables and tables as charts')

      await drop(page, [sample('damaged.onnx')])
      await expect(card(page, 'damaged.onnx').getByTestId('failure')).toBeVisible()
      await look(page, 'error')
    })

    test('training: settings, pause, result', async ({ page }) => {
      test.setTimeout(120_000)
      await open(page)
      const name = 'two-classes.csv'
      const buffer = Buffer.from(twoClasses({ rows: 3000, features: 24 }))
      await page.getByTestId('files').setInputFiles({ name, mimeType: 'text/csv', buffer })
      const training = card(page, name)
      await expect(training.getByTestId('train')).toBeEnabled()
      await training.getByTestId('model-own').check()
      await training.getByTestId('own-layers').fill('256, 256')
      const { columns, more, learning, take } = texts.train
      for (const part of [columns.firstRows, more.title]) await training.locator('summary', { hasText: part }).click()
      await look(page, 'training, settings')

      await training.getByTestId('train').click()
      await expect(training.getByTestId('loss-curve').getByRole('img')).toBeVisible({ timeout: 30_000 })
      await training.getByTestId('pause').click()
      await look(page, 'training, paused')
      await training.getByTestId('resume').click()
      await training.getByTestId('finish').click()

      await expect(training.getByTestId('score')).toBeVisible({ timeout: 30_000 })
      for (const part of [learning, take.title]) await training.locator('summary', { hasText: part }).click()
      await look(page, 'training, result')
    })

    test('what stays and what travels: share, shared link, history, compare, settings, help, batch', async ({
      page,
    }) => {
      test.setTimeout(180_000)
      await open(page)
      await drop(page, [sample('shapes.onnx')])
      await page.getByTestId('shrink').click()
      await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })

      await page.getByTestId('share').click()
      const link = page.getByTestId('share-link')
      await expect(link).toHaveValue(/#r1\./)
      await page.getByTestId('with-layers').check()
      await look(page, 'share dialog')
      const fragment = new URL(await link.inputValue()).hash
      await page.keyboard.press('Escape')

      await page.evaluate((hash) => {
        location.hash = hash
      }, fragment)
      await expect(page.getByTestId('shared-card')).toBeVisible()
      await look(page, 'shared result')
      await page.evaluate(
        (hash) => {
          location.hash = hash
        },
        fragment.slice(0, -9),
      )
      await expect(page.getByTestId('bad-link')).toBeVisible()
      await look(page, 'damaged link')

      for (const name of ['history', 'settings', 'help']) await view(page, name)
      await view(page, 'compare')

      await page.evaluate(() => {
        location.hash = ''
      })
      await drop(page, ['shapes-int8.onnx', 'damaged.onnx', 'shapes.onnx', 'shapes-int8.onnx'].map(sample))
      await expect(page.getByTestId('batch-row').first()).toBeVisible()
      await look(page, 'batch')
    })
  })
}

test('with the colours of the system, buttons and the focus still have edges', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await open(page)
  await drop(page, [sample('shapes.onnx')])
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
  const edgeless = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a.button')]
      .filter((control) => control.checkVisibility())
      .filter((control) => {
        const { borderTopStyle, borderTopWidth, textDecorationLine } = getComputedStyle(control)
        const isEdged = borderTopStyle !== 'none' && parseFloat(borderTopWidth) >= 1
        return !isEdged && textDecorationLine === 'none'
      })
      .map((control) => control.outerHTML.slice(0, 120)),
  )
  expect(edgeless).toEqual([])
  await page.keyboard.press('Tab')
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!)
    return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth)
  })
  expect(ring).toBeGreaterThanOrEqual(2)
})
