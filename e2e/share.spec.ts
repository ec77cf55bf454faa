import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { crc32 } from '../src/core/crc32'
import { deepModel } from './deep-model'
import { card, drop, expect, open, sample, test } from './support'

const shapes = sample('shapes.onnx')

/** What stands in a link, as far as tests change it: docs/share-link.md. */
type WireJson = Record<string, unknown> & { o?: unknown[]; n?: string }

async function makeResult(page: Page): Promise<void> {
  await open(page)
  await drop(page, [shapes])
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible()
}

/** The link of the newest result, as the dialog offers it. */
async function linkOf(page: Page, more: (dialog: ReturnType<Page['getByTestId']>) => Promise<void> = async () => {}) {
  await page.getByTestId('share').click()
  const dialog = page.getByTestId('share-dialog')
  await expect(dialog.getByTestId('share-link')).toHaveValue(/#r1\./)
  await more(dialog)
  const link = await dialog.getByTestId('share-link').inputValue()
  await page.keyboard.press('Escape')
  return link
}

/** A browser of somebody else, with a store and settings of its own. */
async function otherProfile(browser: Browser, baseURL: string | undefined): Promise<Page> {
  const context = await browser.newContext({ ...(baseURL && { baseURL }), serviceWorkers: 'block' })
  return context.newPage()
}

const fragment = (link: string) => `./${link.slice(link.indexOf('#'))}`

/** The same link with other contents, its checksum made right again. */
function changed(link: string, change: (wire: WireJson) => void): string {
  const payload = link.slice(link.indexOf('#r1.') + 4)
  const wire = JSON.parse(inflateRawSync(Buffer.from(payload, 'base64url')).toString()) as WireJson
  delete wire['c']
  change(wire)
  const text = JSON.stringify({ ...wire, c: crc32(new TextEncoder().encode(JSON.stringify(wire))) })
  return `./#r1.${deflateRawSync(text).toString('base64url')}`
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((given) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', given)
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, text)
}

test('a link travels to another browser: unverified, made again, identical bytes', async ({
  page,
  browser,
  baseURL,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await makeResult(page)
  const link = await linkOf(page, async (dialog) => {
    expect((await dialog.getByTestId('share-link').inputValue()).length).toBeLessThanOrEqual(1900)
    await dialog.getByTestId('copy-link').click()
    await expect(dialog.getByTestId('copy-link')).toContainText('Copied')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/#r1\./)
    // nothing names the file unless it was asked for
    await expect(dialog.getByTestId('preview')).not.toContainText('shapes')
    await dialog.getByTestId('with-name').check()
    await expect(dialog.getByTestId('preview')).toContainText('shapes.onnx')
    await dialog.getByTestId('with-name').uncheck()
    await expect(dialog.getByTestId('preview')).not.toContainText('shapes')
    await expect(dialog.getByTestId('qr')).toBeVisible()
  })

  const other = await otherProfile(browser, baseURL)
  const asked: string[] = []
  other.on('request', (request) => asked.push(request.url()))
  await other.goto(fragment(link))
  const shared = other.getByTestId('shared-card')
  await expect(shared).toContainText('Result shared by link')
  await expect(shared.getByTestId('badge')).toHaveText('not verified')
  await expect(shared).toContainText('73.3 kB')
  await expect(other.getByRole('heading', { name: 'Result shared by link' })).toBeFocused()
  // the fragment is never sent
  expect(asked.filter((url) => url.includes('r1.'))).toEqual([])

  await drop(other, [shapes])
  await expect(shared.getByTestId('same-file')).toContainText('shapes.onnx is the file that was shared')
  // nothing runs without a click
  await expect(card(other, 'shapes.onnx')).toHaveAttribute('data-phase', 'ready')
  await shared.getByTestId('reproduce-start').click()
  await expect(shared.getByTestId('verdict')).toContainText('Reproduced: identical bytes', { timeout: 45_000 })
  await expect(shared.getByTestId('badge')).toContainText('verified here')
  await expect(shared).toHaveAttribute('data-state', 'same')

  await shared.getByRole('button', { name: 'Close the shared result' }).click()
  await expect(shared).toBeHidden()
  expect(new URL(other.url()).hash).toBe('')
  await other.context().close()
})

test('a changed hash, a flipped character and another file are told', async ({ page, browser, baseURL }) => {
  await makeResult(page)
  const link = await linkOf(page)
  const other = await otherProfile(browser, baseURL)
  const shared = other.getByTestId('shared-card')

  // one hex digit of the output's hash is another; the checksum of the link is right
  const lie = changed(link, (wire) => {
    const file = wire.o ?? []
    const hash = Buffer.from(String(file[2]), 'base64url')
    hash[0] = (hash[0] ?? 0) ^ 1
    file[2] = hash.toString('base64url')
  })
  await other.goto(lie)
  await expect(shared.getByTestId('badge')).toHaveText('not verified')
  await drop(other, [sample('shapes-int8.onnx')])
  await expect(shared.getByTestId('other-file')).toContainText('is another file')
  await drop(other, [shapes])
  await shared.getByTestId('reproduce-start').click()
  await expect(shared.getByTestId('verdict')).toContainText('not the one that was shared', { timeout: 45_000 })
  await expect(shared.getByTestId('differences')).toContainText('SHA-256 after')
  await expect(shared).toHaveAttribute('data-state', 'different')

  // a character that was flipped on the way, and one that links do not have
  const at = link.indexOf('#r1.') + 60
  const flipped = `${link.slice(0, at)}${link[at] === 'A' ? 'B' : 'A'}${link.slice(at + 1)}`
  await other.goto(fragment(flipped))
  await expect(other.getByTestId('bad-link')).toContainText('The link is damaged')
  await other.goto(fragment(`${link.slice(0, at)}!${link.slice(at + 1)}`))
  await expect(other.getByTestId('bad-link')).toContainText(`its character ${at - link.indexOf('#') + 1} is one`)
  // the cards of the page are as they were
  await expect(card(other, 'shapes.onnx').getByTestId('download')).toBeVisible()
  await other.context().close()
})

test('a link that is opened while a job runs disturbs nothing', async ({ page }) => {
  await makeResult(page)
  const link = await linkOf(page)
  await drop(page, [sample('shapes-int8.onnx')])
  const running = card(page, 'shapes-int8.onnx')
  await running.getByTestId('shrink').click()
  await expect(running).toHaveAttribute('data-phase', /queued|running/)
  await page.evaluate((hash) => (location.hash = hash), link.slice(link.indexOf('#')))
  await expect(page.getByTestId('badge')).toHaveText('not verified')
  await expect(running).toHaveAttribute('data-phase', 'done', { timeout: 45_000 })
  // it came from this very page, whose card has the file
  await expect(page.getByTestId('same-file')).toBeVisible()
  // a view and back: the card is still there
  await page.getByRole('link', { name: 'Help' }).click()
  await expect(page.getByTestId('shared-card')).toBeHidden()
  await page.goBack()
  await expect(page.getByTestId('shared-card')).toBeVisible()
})

test('what a link says is text: nothing of it becomes part of the page', async ({ page, browser, baseURL }) => {
  await makeResult(page)
  const link = await linkOf(page)
  const other = await otherProfile(browser, baseURL)
  const hostile = '<img src=x onerror=alert(1)><b>bold</b>'
  await other.goto(changed(link, (wire) => (wire.n = hostile)))
  const shared = other.getByTestId('shared-card')
  await expect(shared).toContainText(hostile)
  expect(await shared.locator('b, img').count()).toBe(0)
  // marks that turn the direction of text around are refused whole
  await other.goto(changed(link, (wire) => (wire.n = 'safe\u202egnp.exe')))
  await expect(other.getByTestId('bad-link')).toBeVisible()
  await other.context().close()
})

test('a recipe in each of its forms, pasted or dropped', async ({ page }) => {
  await makeResult(page)
  const done = card(page, 'shapes.onnx')
  await page.getByText('Recipe and command line').click()
  const forms = {
    json: await page.getByTestId('recipe').innerText(),
    cli: await page.getByTestId('cli').innerText(),
    link: await page.getByTestId('recipe-link').innerText(),
  }
  const { steps } = JSON.parse(forms.json) as { steps: { method: string }[] }
  const method = steps.at(-1)?.method ?? ''
  await done.getByRole('button', { name: /^Remove/ }).click()

  const next = page.getByTestId('next-recipe')
  for (const text of [forms.json, forms.cli]) {
    await paste(page, text)
    await expect(next).toContainText(method)
    await next.getByRole('button').click()
    await expect(next).toBeHidden()
  }
  await paste(page, forms.link)
  await expect(page.getByTestId('shared-card')).toContainText('Recipe shared by link')
  await page.getByTestId('use-recipe').click()
  await expect(page.getByTestId('shared-card')).toBeHidden()
  await expect(next).toContainText(method)
  await drop(page, [shapes])
  await expect(next).toBeHidden()
  // the store has the answer for this file and recipe
  await expect(page.getByTestId('download')).toContainText('20.3 kB')

  // to the newest model, when there is one; a result offers to run it
  await paste(page, 'npx plume compress shapes.onnx -o small.onnx --method float16')
  await expect(page.getByRole('button', { name: /Shrink with .*float16/ })).toBeVisible()
  await page.getByRole('button', { name: /Shrink with .*float16/ }).click()
  await expect(page.getByTestId('download')).toContainText('37.7 kB', { timeout: 45_000 })
  // one that was made already is shown at once
  await paste(page, forms.cli)
  await expect(page.getByTestId('download')).toContainText('20.3 kB')
  await paste(page, 'plume compress a.onnx -o b.onnx --method float16 --seed 7')
  await expect(page.getByTestId('shrink')).toContainText('float16')

  await paste(page, 'just some words')
  await expect(page.locator('#message')).toContainText('is no recipe')
})

test('recipe files that are dropped are recipes, not models', async ({ page }, info) => {
  await open(page)
  const recipe = info.outputPath('recipe.json')
  await writeFile(recipe, '{"version":1,"seed":0,"steps":[{"method":"float16","options":{}}]}')
  await drop(page, [recipe, shapes])
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Shrink with float16' })).toBeVisible()
})

test('layers and their names are in the link where they are asked for', async ({ page }) => {
  await makeResult(page)
  await page.getByTestId('share').click()
  const dialog = page.getByTestId('share-dialog')
  const json = dialog.getByTestId('share-json')
  const layers = async () =>
    (JSON.parse((await json.textContent()) ?? '') as { result: { layers: { name?: string }[] } }).result.layers
  await expect(json).not.toBeEmpty()
  expect(await layers()).toEqual([])
  await dialog.getByTestId('with-layers').check()
  await expect.poll(async () => (await layers()).length).toBeGreaterThan(0)
  expect((await layers()).some(({ name }) => name !== undefined)).toBe(false)
  await dialog.getByTestId('with-layer-names').check()
  await expect.poll(async () => (await layers()).every(({ name }) => typeof name === 'string')).toBe(true)
  // what was downloaded can be dropped
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download as .json' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('plume-shared.json')
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { withheld: string[] }
  expect(saved.withheld).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('share')).toBeFocused()
})

test('of many layers as many as fit, and all of them in the full link', async ({ page, browser, baseURL }, info) => {
  const [model, recipe] = [info.outputPath('deep.onnx'), info.outputPath('recipe.json')]
  await writeFile(model, deepModel(300))
  await writeFile(recipe, '{"version":1,"seed":0,"steps":[{"method":"weights-int8","options":{}}]}')
  await open(page)
  await drop(page, [model, recipe])
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
  let short = ''
  const full = await linkOf(page, async (dialog) => {
    await dialog.getByTestId('with-layers').check()
    await expect(dialog.getByTestId('layers-kept')).toHaveText(/^Top \d+ of 300 layers kept/)
    short = await dialog.getByTestId('share-link').inputValue()
    await dialog.getByTestId('full-link').check()
    await expect(dialog.getByTestId('layers-kept')).toBeHidden()
    await expect(dialog).toContainText('Long links are cut by some chats')
  })
  expect(short.slice(short.indexOf('#')).length).toBeLessThanOrEqual(1900)
  expect(full.length).toBeGreaterThan(1900)
  const other = await otherProfile(browser, baseURL)
  await other.goto(fragment(full))
  await expect(other.getByTestId('shared-card')).toContainText('300 of 300')
  await other.context().close()
})
