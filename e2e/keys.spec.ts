import type { Page } from '@playwright/test'
import { card, drop, expect, open, sample, test } from './support'

async function makeResult(page: Page): Promise<void> {
  await open(page)
  await drop(page, [sample('shapes.onnx')])
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()
  // Enter on the focused card
  await expect(page.getByTestId('shrink')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
}

/** Letters are not for fields and buttons that have the focus. */
const leaveControls = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

test('single letters: download, report, share, views', async ({ page }) => {
  await makeResult(page)
  const [model] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')])
  expect(model.suggestedFilename()).toBe('shapes.small.onnx')
  const [report] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('r')])
  expect(report.suggestedFilename()).toBe('shapes.small.onnx.report.json')

  await page.keyboard.press('s')
  await expect(page.getByTestId('share-dialog')).toBeVisible()
  // in a dialog, letters are letters
  await page.keyboard.press('h')
  await expect(page.getByTestId('share-dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('share-dialog')).toBeHidden()

  await page.keyboard.press('h')
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeFocused()
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { level: 1, name: 'Compare' })).toBeFocused()
  await page.keyboard.press(',')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeFocused()
  // from another view, S shows the card and its dialog
  await page.keyboard.press('s')
  await expect(page.getByTestId('share-dialog')).toBeVisible()
})

test('? lists every shortcut; Escape closes the list', async ({ page }) => {
  await open(page)
  await page.keyboard.press('?')
  const list = page.getByTestId('keys')
  await expect(list).toBeVisible()
  for (const key of ['Ctrl', 'O', 'V', 'Enter', 'Esc', 'X', 'C', 'D', 'S', 'R', 'H', ',', '?']) {
    await expect(list.locator('kbd', { hasText: new RegExp(`^${key.replace('?', '\\?')}$`) }).first()).toBeVisible()
  }
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
})

test('letters can be switched off, and stay off; Escape and Ctrl work on', async ({ page }) => {
  await open(page)
  await page.keyboard.press(',')
  await page.getByTestId('letter-keys').uncheck()
  await leaveControls(page)
  for (const key of ['h', '?', 'c']) await page.keyboard.press(key)
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await expect(page.getByTestId('keys')).toBeHidden()
  await page.reload()
  await expect(page.getByTestId('letter-keys')).not.toBeChecked()
  // asked for early: a chooser that opens before somebody waits for it is closed at once
  const choosing = page.waitForEvent('filechooser')
  await page.keyboard.press('h')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await page.keyboard.press('Control+o')
  const chooser = await choosing
  await chooser.setFiles(sample('shapes.onnx'))
  await expect(card(page, 'shapes.onnx')).toBeVisible()
})

test('Escape cancels what runs', async ({ page }) => {
  await open(page)
  await drop(page, [sample('shapes.onnx')])
  await page.getByTestId('shrink').click()
  await page.keyboard.press('Escape')
  await expect(card(page, 'shapes.onnx')).toContainText('Cancelled')
  await expect(page.getByRole('heading', { name: 'shapes.onnx' })).toBeFocused()
})

test('letters typed into a field are text', async ({ page }) => {
  await makeResult(page)
  await page.keyboard.press('h')
  const search = page.getByRole('searchbox')
  await search.pressSequentially('?,hs')
  await expect(search).toHaveValue('?,hs')
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible()
  await expect(page.getByTestId('keys')).toBeHidden()
})

test('in the table, a shortcut opens the card that it is for', async ({ page }) => {
  await makeResult(page)
  await drop(page, [sample('shapes-int8.onnx'), sample('damaged.onnx')])
  await expect(page.getByTestId('batch-row')).toHaveCount(3)
  await leaveControls(page)
  await page.keyboard.press('s')
  await expect(page.getByTestId('share-dialog')).toBeVisible()
})
