import type { Page } from '@playwright/test'
import { expect, open, test } from './support'

/** Presses Tab until `wanted` has the focus, as a person would. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), wanted)) return
  }
  throw new Error(`40 presses of Tab did not reach ${wanted}`)
}

test('the whole job by keyboard only', async ({ page }) => {
  await open(page)
  await tabTo(page, '[data-testid=sample-shapes]')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()
  await expect(page.getByTestId('shrink')).toBeVisible()

  await tabTo(page, '[data-testid=shrink]')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('download')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()

  await tabTo(page, '[data-testid=download]')
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Space')])
  expect(download.suggestedFilename()).toBe('shapes.small.onnx')
})

test('the options drawer opens, keeps and gives back the focus', async ({ page }) => {
  await open(page)
  await tabTo(page, '[data-testid=sample-shapes]')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('shrink')).toBeVisible()
  await tabTo(page, '[aria-haspopup=dialog]')
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
