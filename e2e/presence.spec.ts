import { card, expect, open, test } from './support'

test('the title shows the percent while something runs, and goes back', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { badges: [] as (number | null)[], locks: 0, released: 0 }
    Object.assign(window, { seen })
    // the browser under test has no icon to put a badge on: what is asked of it is noted, where it is asked for
    Object.assign(Navigator.prototype, {
      setAppBadge: (percent: number) => Promise.resolve(void seen.badges.push(percent)),
      clearAppBadge: () => Promise.resolve(void seen.badges.push(null)),
    })
    const request = WakeLock.prototype.request
    WakeLock.prototype.request = async function (type) {
      const lock = await request.call(this, type)
      seen.locks++
      lock.addEventListener('release', () => seen.released++)
      return lock
    }
  })
  await open(page)
  const title = await page.title()
  await page.getByTestId('sample-shapes').click()
  const job = card(page, 'shapes.onnx')
  await expect(job.getByTestId('shrink')).toBeVisible()
  await page.evaluate(() => {
    const titles: string[] = []
    Object.assign(window, { titles })
    new MutationObserver(() => titles.push(document.title)).observe(document.querySelector('title')!, {
      childList: true,
      characterData: true,
      subtree: true,
    })
  })
  await job.getByTestId('shrink').click()
  await expect(page).toHaveTitle(/^\d+% · Plume$/)
  await expect(job.getByTestId('download')).toBeVisible()
  await expect(page).toHaveTitle(title)

  const { titles, seen } = await page.evaluate(() => {
    const found = window as unknown as { titles: string[]; seen: { badges: (number | null)[]; locks: number } }
    return { titles: found.titles, seen: found.seen }
  })
  const percents = titles.slice(0, -1).map((text) => Number(/^(\d+)%/.exec(text)?.[1]))
  expect(percents.length).toBeGreaterThan(3)
  expect(percents).toEqual([...percents].sort((a, b) => a - b))
  expect(titles.at(-1)).toBe(title)
  expect(seen.badges.at(-1)).toBeNull()
  expect(seen.badges.length).toBeGreaterThan(3)
  expect(seen.locks).toBeGreaterThan(0)
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { seen: { released: number } }).seen.released))
    .toBe(seen.locks)
})

test('a person who asks for it is notified when the page is hidden, nobody else', async ({ page, context }) => {
  await context.grantPermissions(['notifications'])
  await page.addInitScript(() => {
    const shown: string[][] = []
    Object.assign(window, { shown })
    class Noted extends EventTarget {
      static readonly permission = 'granted'
      static requestPermission = () => Promise.resolve('granted' as const)
      close = () => undefined
      constructor(title: string, { body }: NotificationOptions) {
        super()
        shown.push([title, body ?? ''])
      }
    }
    Object.assign(window, { Notification: Noted })
  })
  await open(page)
  await page.getByTestId('sample-shapes').click()
  const job = card(page, 'shapes.onnx')
  await job.getByTestId('shrink').click()
  await job.getByTestId('notify').check()
  await page.evaluate(() =>
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' }),
  )
  await expect(job.getByTestId('download')).toBeVisible()
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[][] }).shown)
  await expect.poll(shown).toEqual([['Plume is done', '1 file is done.']])
})
