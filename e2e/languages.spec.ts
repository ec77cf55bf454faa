import type { Locator } from '@playwright/test'
import { en } from '../src/app/text/en'
import { fr } from '../src/app/text/fr'
import { card, expect, sample, test } from './support'

/** What stands between the fillings of every text of a catalogue. */
function fragments(texts: unknown): string[] {
  if (typeof texts === 'string') return [texts]
  if (typeof texts === 'function') {
    const write = texts as (...values: unknown[]) => string
    return write(...Array<string>(write.length).fill('¤')).split(/\s*¤\s*/)
  }
  return Object.values(texts as object).flatMap(fragments)
}

/** Single small words could be names. */
const words = (texts: unknown) =>
  new Set(fragments(texts).filter((text) => /\p{L}{4}/u.test(text) && /^\p{Lu}| /u.test(text)))
const french = words(fr)
/** English texts that are not French ones too ("Options", "Type"). */
const english = [...words(en)].filter((text) => ![...french].some((one) => one.includes(text)))

/** The English texts that a part of the page shows; code, names of files and marked quotations aside. */
async function englishIn(part: Locator): Promise<string[]> {
  const shown = await part.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement
    for (const other of copy.querySelectorAll('code, pre, .name, [lang="en"], style')) other.remove()
    const labels = [...copy.querySelectorAll('[aria-label]')].map((labelled) => labelled.getAttribute('aria-label'))
    return `${copy.textContent} ${labels.join(' ')}`.replace(/\s+/g, ' ')
  })
  return english.filter((text) =>
    new RegExp(`(?<![\\p{L}])${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}])`, 'u').test(shown),
  )
}

test('the lists of words that are compared are not empty', () => {
  expect(french.size).toBeGreaterThan(150)
  expect(english).toContain('Nothing leaves this device.')
  expect(english).toContain('made-up inputs: add data for real accuracy')
})

test.describe('a French browser', () => {
  test.use({ locale: 'fr-FR' })

  test('opens in French', async ({ page }) => {
    await page.goto('/')
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Allégez votre modèle d’IA. Rien ne quitte cet appareil.',
    )
    await expect(page.getByTestId('sample-shapes')).toContainText('73,3\u00a0ko')
    expect(await englishIn(page.locator('body'))).toEqual([])
  })

  test('does the main job in French, numbers and the engine’s sentences too', async ({ page }) => {
    await page.goto('/')
    await page.getByTestId('sample-shapes').click()
    const job = card(page, 'shapes.onnx')
    await job.getByText('Ce qu’il contient').click()
    await expect(job.getByRole('table')).toContainText(/conservé\u00a0: (moins de 1\u202f024 octets|lu par)/)
    expect(await englishIn(job)).toEqual([])

    await job.getByRole('button', { name: 'Options' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Choisir les étapes').check()
    await expect(drawer).toContainText('Poids sur 8 bits')
    await expect(drawer.getByLabel('Granularité').locator('option')).toHaveText(['par canal', 'par tenseur'])
    const least = drawer.getByLabel('Précision minimale').first()
    await least.fill('300')
    await expect(drawer).toContainText('demande un nombre de 0 à 200, pas')
    expect(await englishIn(drawer)).toEqual([])
    await drawer.getByRole('button', { name: 'Fermer' }).click()

    await job.getByTestId('shrink').click()
    await expect(job.getByTestId('size')).toContainText('73,3\u00a0ko', { timeout: 45_000 })
    await expect(job.getByTestId('size')).toContainText(/2\d,\d\u00a0ko/)
    await expect(job.getByTestId('size')).toContainText(/\d\d\u202f% en moins/)
    await expect(job).toContainText(/Exactitude 95,\d\u202f% → 9\d,\d\u202f%/)
    await expect(job).toContainText('sur 288 de vos échantillons')
    await job.getByRole('button', { name: 'Afficher en tableau' }).click()
    await expect(job).toContainText('choisi')
    await expect(job.getByTestId('download')).toHaveText(/^\s*Télécharger \(2\d,\d\u00a0ko\)\s*$/)
    expect(await englishIn(page.locator('body'))).toEqual([])
    await expect(job.locator('[lang="en"]')).toHaveCount(0)

    for (const place of ['Historique', 'Réglages', 'Aide']) {
      await page.getByRole('link', { name: place, exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible()
      await expect(page.getByRole('main')).toContainText(/shapes\.onnx|Mo|\.npz/)
      expect(await englishIn(page.getByRole('main'))).toEqual([])
    }
  })

  test('says in French what is wrong with a file', async ({ page }) => {
    await page.goto('/')
    await page.getByTestId('files').setInputFiles(sample('damaged.onnx'))
    const failure = page.getByTestId('failure')
    await expect(failure).toContainText('Ce fichier ne peut pas être lu')
    expect(await englishIn(failure)).toEqual([])
  })

  test('a link may ask for English', async ({ page }) => {
    await page.goto('/?lang=en')
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Shrink your AI model.')
    // the comparison sees English where it is
    expect(await englishIn(page.locator('body'))).toContain('Nothing leaves this device.')
  })
})

test('a language that the page does not have falls back to English', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'ja-JP' })
  const page = await context.newPage()
  await page.goto('/')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Shrink your AI model.')
  await context.close()
})

test('switching the language keeps files, typed options and results, and lasts', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('files').setInputFiles([sample('shapes.onnx'), sample('shapes-int8.onnx')])
  const done = card(page, 'shapes.onnx')
  await done.getByTestId('shrink').click()
  await expect(done.getByTestId('size')).toContainText('73.3 kB', { timeout: 45_000 })
  const size = await done.getByTestId('size').locator('strong').innerText()

  const waiting = card(page, 'shapes-int8.onnx')
  await waiting.getByRole('button', { name: 'Options' }).click()
  await page.getByLabel('Choose the steps').check()
  await page.getByLabel('Seed').fill('1234')
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('radio', { name: 'Français' }).check()
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  await expect(page.getByRole('heading', { level: 1, name: 'Réglages' })).toBeVisible()
  // the switch names each language in its own words
  expect(await englishIn(page.locator('body'))).toEqual([])

  await page.getByRole('link', { name: 'Alléger', exact: true }).click()
  await expect(done.getByTestId('size').locator('strong')).toHaveText(size.replace('.', ',').replace(' kB', '\u00a0ko'))
  await expect(done.getByTestId('download')).toContainText('Télécharger')
  expect(await englishIn(done)).toEqual([])
  await waiting.getByRole('button', { name: 'Options' }).click()
  await expect(page.getByLabel('Choisir les étapes')).toBeChecked()
  await expect(page.getByLabel('Graine')).toHaveValue('1234')
  await page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).click()

  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  await page.getByRole('link', { name: 'Réglages', exact: true }).click()
  await page.getByRole('radio', { name: 'English' }).check()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})
