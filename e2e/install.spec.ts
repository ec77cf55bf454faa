import { chromium, test as plain, type BrowserContext, type Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changingHost, slowHost } from './hosts'
import { card, expect, offlineReady, openInstalled, sample, settled, test } from './support'

/** Addresses of documents that the page's main frame went to. */
function loads(page: Page): string[] {
  const seen: string[] = []
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) seen.push(frame.url())
  })
  return seen
}

plain('the browser offers to install it, and has nothing to complain about', async ({ baseURL, launchOptions }) => {
  // a context like an incognito window is never offered an installation
  const profile = await mkdtemp(join(tmpdir(), 'plume-profile-'))
  let context: BrowserContext | undefined
  try {
    context = await chromium.launchPersistentContext(profile, launchOptions)
    const page = await context.newPage()
    await page.goto(baseURL!)
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null).catch(() => false))
      .toBe(true)
    await expect(page.getByTestId('sample-shapes')).toBeVisible()
    const cdp = await context.newCDPSession(page)
    const { errors, manifest, url } = await cdp.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect(url).toBe(`${baseURL}manifest.webmanifest`)
    expect(manifest).toMatchObject({ startUrl: baseURL, scope: baseURL })
    await expect
      .poll(async () => (await cdp.send('Page.getInstallabilityErrors')).installabilityErrors, { timeout: 15_000 })
      .toEqual([])
  } finally {
    await context?.close()
    await rm(profile, { recursive: true, force: true })
  }
})

test('the first visit ends isolated, with one reload at most, and the fragment stays', async ({ page }, {
  project,
}) => {
  const documents: string[] = []
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(request.url())
  })
  await page.goto('./?lang=fr#help')
  await settled(page)
  await page.waitForTimeout(500)
  expect(documents.length).toBe(project.name === 'static' ? 2 : 1)
  expect(new URL(page.url()).search + new URL(page.url()).hash).toBe('?lang=fr#help')
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
})

// isolated by the headers of the host
plain('a page that somebody uses is not reloaded; all cores are offered', { tag: '@static' }, async ({ page }) => {
  const host = await slowHost()
  try {
    const seen = loads(page)
    await page.goto(host.url)
    await page.keyboard.press('Tab')
    host.release()
    const offer = page.getByTestId('isolate')
    await expect(offer).toBeVisible({ timeout: 20_000 })
    expect(seen).toHaveLength(1)
    await offer.getByRole('button').click()
    await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false)).toBe(true)
    await expect(offer).toBeHidden()
    expect(seen).toHaveLength(2)
  } finally {
    host.release()
    await host.close()
  }
})

// the same code on both hosts; this one has a host of its own
plain('ready to work offline is said when it is true, and not before', { tag: '@static' }, async ({ page }) => {
  const host = await slowHost(/\/ort-wasm[^/]*\.wasm$/)
  try {
    await openInstalled(page, host.url)
    const offline = page.getByTestId('offline')
    // everything but the largest file
    await expect(offline).toContainText(/Getting ready to work offline: \d\.\d+ MB of 1\d\.\d+ MB/)
    await page.waitForTimeout(1000)
    await expect(offline).toHaveAttribute('data-ready', 'false')
    host.release()
    await offlineReady(page)
    await expect(offline).toContainText('Ready to work offline')
    // the browser drops a file: the next visit looks, and fetches it again
    const [before, after] = await page.evaluate(async () => {
      const cache = await caches.open('plume-files')
      const keys = await cache.keys()
      await cache.delete(keys.find(({ url }) => url.includes('samples/shapes.onnx'))!)
      return [keys.length, (await cache.keys()).length]
    })
    expect(after).toBe(before! - 1)
    await page.reload()
    await offlineReady(page)
    expect(await page.evaluate(async () => (await (await caches.open('plume-files')).keys()).length)).toBe(before)
  } finally {
    host.release()
    await host.close()
  }
})

// the same code on both hosts; this one has a host of its own
plain(
  'a new version asks, waits for the running job, and brings the page back',
  { tag: '@static' },
  async ({ page }) => {
    const host = await changingHost()
    try {
      await openInstalled(page, host.url)
      await offlineReady(page)
      // somebody works in another tab
      const other = await page.context().newPage()
      await openInstalled(other, host.url)
      await other.evaluate(() => void Object.assign(globalThis, { isFirst: true }))
      const build = page.locator('meta[name=build]')
      await expect(build).toHaveCount(0)
      await host.deploySecondBuild()
      await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()))
      const update = page.getByTestId('update')
      await expect(update).toContainText('A new version is ready')

      await page.getByTestId('sample-shapes').click()
      const job = card(page, 'shapes.onnx')
      await page.evaluate(() => {
        const isRunning = () => document.querySelector('[data-testid=cancel]') !== null
        addEventListener('pagehide', () => sessionStorage.setItem('was-running', String(isRunning())))
      })
      await job.getByTestId('shrink').click()
      await expect(job.getByTestId('cancel')).toBeVisible()
      await update.getByRole('button').click()
      await expect(update).toContainText('Reloading when the running jobs have ended')
      await expect(build).toHaveAttribute('content', '2', { timeout: 30_000 })
      expect(await page.evaluate(() => sessionStorage.getItem('was-running'))).toBe('false')
      await expect(update).toBeHidden()
      await expect(job.getByTestId('download')).toBeVisible()
      await offlineReady(page)
      // the other tab goes on with its version until it is asked to
      expect(await other.evaluate(() => Object.hasOwn(globalThis, 'isFirst'))).toBe(true)
      await expect(other.getByTestId('update')).toContainText('A new version is ready')
      await other.getByTestId('sample-int8').click()
      await expect(card(other, 'shapes-int8.onnx').getByTestId('shrink')).toBeVisible()
      await other.close()
      // the old page is gone, and so are its files
      await expect
        .poll(() => page.evaluate(async () => (await (await caches.open('plume-files')).keys()).map(({ url }) => url)))
        .toEqual(expect.not.arrayContaining([expect.stringMatching(/index\.html\?revision=(?!2$)/)]))
    } finally {
      await host.close()
    }
  },
)

test('what another app shares becomes a card, once', async ({ page }) => {
  await openInstalled(page)
  await page.evaluate(() => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: './share-target' })
    form.innerHTML = '<input type="file" name="files" id="shared-files">'
    document.body.append(form)
  })
  await page.locator('#shared-files').setInputFiles(sample('shapes.onnx'))
  await page.evaluate(() => document.querySelector<HTMLFormElement>('form[action="./share-target"]')!.submit())
  await expect(card(page, 'shapes.onnx').getByTestId('shrink')).toBeVisible()
  expect(new URL(page.url()).search).toBe('')
  expect(await page.evaluate(async () => (await (await caches.open('plume-shared')).keys()).length)).toBe(0)
})

test('an id of nothing that was shared does nothing', async ({ page }) => {
  await openInstalled(page)
  for (const id of ['0'.repeat(32), '../../secrets', '%00', '<b>']) {
    await page.goto(`./?shared=${encodeURIComponent(id)}`)
    await expect(page.getByTestId('sample-shapes')).toBeVisible()
    expect(new URL(page.url()).search).toBe('')
    await expect(page.getByRole('article')).toHaveCount(0)
  }
  await page.goto('./?shared=refused')
  await expect(page.locator('#message')).toContainText('at most 64 files and 2 GB at once')
})

// not the guarded test: the browser prints missing files as errors
plain('a file that is not there is not replaced by the page', async ({ page }) => {
  await openInstalled(page)
  const answers = await page.evaluate(() =>
    Promise.all(
      ['./assets/nothing-0000.js', './nothing'].map(async (path) => {
        const { status, headers } = await fetch(path, { headers: { Accept: 'text/html,*/*' } })
        return [status, headers.get('Content-Security-Policy')?.includes("connect-src 'self'")]
      }),
    ),
  )
  expect(answers).toEqual([
    [404, true],
    [404, true],
  ])
})

test.describe('where the browser refuses service workers', () => {
  test.use({ serviceWorkers: 'block' })

  test('the job runs, and nothing is claimed', async ({ page }) => {
    await page.goto('./')
    await page.getByTestId('sample-shapes').click()
    await page.getByTestId('shrink').click()
    await expect(page.getByTestId('download')).toBeVisible()
    await expect(page.getByTestId('offline')).toContainText('keeps no copy of the page')
  })
})
