/**
 * Makes docs/screens/*.png: every screen in both themes, narrow and wide, from the built page (`npm run build` first).
 *
 *   node scripts/screens.mjs [--out FOLDER] [--widths 360,768,1280] [--lang en] [--dist FOLDER]
 */
import { chromium } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { preview } from 'vite'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'

/* global document, scrollTo, scrollY -- callbacks run in the page */

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/screens' },
    widths: { type: 'string', default: '360,1280' },
    lang: { type: 'string', default: 'en' },
    dist: { type: 'string', default: 'dist' },
  },
})
const executablePath = findBrowser()
if (!executablePath) {
  console.error(NO_BROWSER)
  process.exit(1)
}

/** Of the search on the sample's data: enough for a front, and soon done. */
const TRIALS = 8

/** Weights of 8 bits, whose sums overflow on some processors: a result that is to be checked, with something that helps. */
const OVERFLOWING = {
  name: 'recipe.json',
  mimeType: 'application/json',
  buffer: Buffer.from(
    JSON.stringify({ version: 1, seed: 0, steps: [{ method: 'static-int8', options: { target: 'ort-web' } }] }),
  ),
}

const sample = (...names) => names.map((name) => join('public/samples', name))
/** The page on which a table is dropped, trained on, and done. */
let training
const HEIGHTS = { 360: 780, 768: 900, 1280: 860 }

/**
 * Each screen: how to get there from the one before. `open(url)` opens the page in a profile of its own, for screens that
 * others must not see; what is returned is shown instead of the page.
 */
const SCREENS = [
  {
    name: 'start',
    go: async (page) => {
      await page.getByTestId('sample-shapes').waitFor()
      await page.locator('[data-testid=offline][data-ready=true]').waitFor()
    },
  },
  {
    name: 'inspect',
    go: async (page) => {
      await page.getByTestId('files').setInputFiles(sample('shapes.onnx', 'shapes-test.npz'))
      await page.getByTestId('shrink').waitFor()
    },
  },
  {
    name: 'budget',
    go: async (page) => {
      await page.getByTestId('budget-dial').press('ArrowRight')
      await page.getByTestId('budget-dial').press('ArrowRight')
      await page
        .locator('article details', { has: page.getByTestId('max-trials') })
        .locator('summary')
        .click()
      await page.getByTestId('max-trials').fill(String(TRIALS))
      await page.getByTestId('max-trials').press('Tab')
      await toTop(page.getByTestId('budget'))
    },
  },
  {
    name: 'running',
    go: async (page) => {
      await page.getByTestId('shrink').click()
      await page.getByTestId('pareto').getByRole('img').waitFor()
      await page.waitForFunction(() => {
        const bar = document.querySelector('[role=progressbar]')
        return Number(bar?.getAttribute('aria-valuenow')) >= 40
      })
      await toTop(page.locator('article'))
    },
  },
  {
    name: 'result',
    go: async (page) => {
      await page.getByTestId('download').waitFor()
      await toTop(page.locator('article'))
    },
  },
  {
    name: 'front',
    go: async (page) => {
      await page.getByTestId('pareto').getByRole('img').waitFor()
      await toTop(page.locator('details', { has: page.getByTestId('pareto') }))
    },
  },
  {
    name: 'proof',
    go: async (page) => {
      const parts = page.locator('article details', { has: page.locator('table') }).locator('> summary')
      await parts.filter({ hasText: 'provider' }).click()
      await parts.filter({ hasText: 'Class by class' }).click()
      await toTop(parts.filter({ hasText: 'provider' }))
    },
  },
  {
    name: 'layers',
    go: async (page) => {
      const layers = page.getByTestId('layers')
      await layers.locator('> summary').click()
      await page.getByTestId('measure-layers').click()
      await page.getByTestId('layer-grid').getByRole('checkbox').first().check()
      await page.getByTestId('histogram').getByRole('img').waitFor()
      await toTop(layers)
    },
  },
  {
    name: 'check',
    go: async (page, open) => {
      const other = await open()
      await other.getByTestId('files').setInputFiles(sample('shapes.onnx', 'shapes-test.npz'))
      await other.getByTestId('shrink').waitFor()
      await other.getByTestId('files').setInputFiles(OVERFLOWING)
      await other.getByTestId('shrink').getByText('static-int8').click()
      await other.getByTestId('fix').first().waitFor()
      await toTop(other.locator('article'))
      return other
    },
  },
  {
    name: 'share',
    go: async (page) => {
      await page.getByTestId('share').click()
      await page.getByTestId('share-link').waitFor()
    },
  },
  {
    name: 'shared-link',
    go: async (page, open) => {
      const link = await page.getByTestId('share-link').inputValue()
      await page.keyboard.press('Escape')
      const receiver = await open(link)
      await receiver.getByTestId('shared-card').waitFor()
      return receiver
    },
  },
  {
    name: 'history',
    go: async (page) => {
      const card = page.locator('[data-phase=done]')
      await card
        .getByRole('button', { name: /float16/ })
        .first()
        .click()
      await card.getByTestId('size').getByText('37.').waitFor()
      await page.goto(`${page.url().split('#')[0]}#history`)
      await page.getByTestId('history-row').nth(1).waitFor()
    },
  },
  {
    name: 'batch',
    go: async (page, open) => {
      const other = await open()
      await other.getByTestId('files').setInputFiles(sample('shapes.onnx', 'shapes-int8.onnx', 'damaged.onnx'))
      await other.getByTestId('start-all').getByText('2').click()
      await other.getByTestId('retry-failed').waitFor()
      await other.getByRole('progressbar').waitFor({ state: 'detached' })
      return other
    },
  },
  {
    name: 'train',
    go: async (page, open) => {
      training = await open()
      await training.getByTestId('files').setInputFiles(sample('cells.csv'))
      await training.getByTestId('train').and(training.locator(':enabled')).waitFor()
      return training
    },
  },
  {
    name: 'training',
    go: async () => {
      await training.getByTestId('model-own').check()
      await training.getByTestId('own-layers').fill('1024, 1024')
      await training.getByTestId('train').click()
      await training.getByTestId('loss-curve').getByRole('img').waitFor()
      await training.getByTestId('pause').click()
      await training.getByTestId('resume').waitFor()
      await toTop(training.locator('article'))
      return training
    },
  },
  {
    name: 'trained',
    go: async () => {
      await training.getByTestId('resume').click()
      await training.getByTestId('score').waitFor()
      await toTop(training.locator('article'))
      return training
    },
  },
  {
    name: 'error',
    go: async (page, open) => {
      const other = await open()
      await other.getByTestId('files').setInputFiles(sample('damaged.onnx'))
      await other.getByTestId('failure').waitFor()
      return other
    },
  },
]

/** To the top of the window, a little below its edge. */
const toTop = (part) =>
  part.first().evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 16))

async function shoot(page, file) {
  await page.mouse.move(0, 0) // what it clicked last would be shown as pointed at
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(values.out, file), animations: 'disabled' })
}

/** All screens at one size in one theme. */
async function tour(browser, base, theme, width) {
  const options = {
    viewport: { width, height: HEIGHTS[width] ?? 860 },
    colorScheme: theme,
    locale: values.lang,
  }
  const contexts = []
  const open = async (url = base) => {
    const context = await browser.newContext(options)
    contexts.push(context)
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
  const page = await open()
  for (const { name, go } of SCREENS) {
    const shown = await go(page, open)
    await shoot(shown ?? page, `${name}-${theme}-${width}.png`)
  }
  for (const context of contexts) await context.close()
}

await mkdir(values.out, { recursive: true })
const server = await preview({
  preview: { port: 0, host: '127.0.0.1' },
  build: { outDir: values.dist },
  logLevel: 'error',
})
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-unsafe-webgpu'] })
try {
  for (const width of values.widths.split(',').map(Number)) {
    for (const theme of ['light', 'dark']) await tour(browser, server.resolvedUrls.local[0], theme, width)
  }
} finally {
  await browser.close()
  await server.close()
}
console.log(`${values.out}: ${SCREENS.length} screens, two themes, widths ${values.widths}`)
