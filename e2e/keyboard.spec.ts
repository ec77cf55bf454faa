import type { Locator, Page } from '@playwright/test'
import { expect, open, test } from './support'

/** Presses Tab until `wanted` has the focus, as a person would; Tab goes round at the end of the page. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if (await wanted.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`60 presses of Tab did not reach ${wanted.toString()}`)
}

test('the whole job by keyboard only', async ({ page }) => {
  await open(page)
  await tabTo(page, page.getByTestId('sample-shapes'))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()
  await expect(page.getByTestId('shrink')).toBeVisible()

  await tabTo(page, page.getByTestId('shrink'))
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()

  await tabTo(page, page.getByTestId('download'))
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Space')])
  expect(download.suggestedFilename()).toBe('shapes.small.onnx')
})

test('the options drawer opens, keeps and gives back the focus', async ({ page }) => {
  await open(page)
  await tabTo(page, page.getByTestId('sample-shapes'))
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('shrink')).toBeVisible()
  await tabTo(page, page.locator('[aria-haspopup=dialog]'))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Options' })
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Options' })).toBeFocused()
})

test('a recipe can be pasted', async ({ page }) => {
  await open(page)
  await page.getByTestId('sample-shapes').click()
  await expect(page.getByTestId('shrink')).toBeVisible()
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', '{"version":1,"seed":3,"steps":[{"method":"float16","options":{}}]}')
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  })
  await expect(page.getByRole('button', { name: 'Shrink with float16' })).toBeVisible()
})

test('history, compare, settings, share by keyboard only', async ({ page }) => {
  test.setTimeout(120_000)
  const press = (key: string) => page.keyboard.press(key)
  await open(page)
  await tabTo(page, page.getByTestId('sample-shapes'))
  await press('Enter')
  await expect(page.getByTestId('shrink')).toBeVisible()
  await tabTo(page, page.getByTestId('shrink'))
  await press('Enter')
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })

  // share: the dialog takes the focus, its choices are reached, and the focus comes back
  await tabTo(page, page.getByTestId('share'))
  await press('Enter')
  await expect(page.getByTestId('share-link')).toHaveValue(/#r1\./)
  await tabTo(page, page.getByTestId('with-name'))
  await press('Space')
  await expect(page.getByTestId('preview')).toContainText('shapes.onnx')
  await press('Escape')
  await expect(page.getByTestId('share')).toBeFocused()

  // a second result, for the comparison
  await tabTo(page, page.getByRole('button', { name: /^Use float16 instead/ }))
  await press('Enter')
  await expect(page.locator('.version')).toHaveCount(2, { timeout: 45_000 })

  await tabTo(page, page.locator('nav a[href="#history"]'))
  await press('Enter')
  await expect(page.locator('#view-title')).toBeFocused()
  await expect(page.getByTestId('history-row')).toHaveCount(2)
  const star = page.getByTestId('history-row').first().locator('[aria-pressed]').first()
  await tabTo(page, star)
  await press('Space')
  await expect(star).toHaveAttribute('aria-pressed', 'true')

  for (const row of [1, 2]) {
    await tabTo(page, page.locator(`[data-testid=history-row]:nth-child(${row}) > [type=checkbox]`))
    await press('Space')
  }
  await tabTo(page, page.getByTestId('compare'))
  await press('Enter')
  await expect(page.locator('#view-title')).toBeFocused()
  await tabTo(page, page.getByTestId('flip'))
  await press('Enter')
  await expect(page.getByRole('heading', { name: 'Showing Result A' })).toBeVisible()

  await tabTo(page, page.locator('nav a[href="#settings"]'))
  await press('Enter')
  await expect(page.locator('#view-title')).toBeFocused()
  await tabTo(page, page.getByTestId('letter-keys'))
  await press('Space')
  await expect(page.getByTestId('letter-keys')).not.toBeChecked()
})
