import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { card, drop, expect, open, sample, test } from './support'

async function check(page: Page, screen: string): Promise<void> {
  // axe measures colours; a card that is still fading in would be measured in between
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  )
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  expect(found, screen).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${screen}: pixels beyond the right edge`).toBeLessThanOrEqual(0)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`every screen is accessible and fits, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 800 })
      await open(page)
      await check(page, 'start')

      await drop(page, [sample('shapes.onnx'), sample('shapes-test.npz')])
      await expect(page.getByTestId('shrink')).toBeVisible()
      await page.getByText('What is inside').click()
      await check(page, 'inspected')

      await page.getByRole('button', { name: 'Options' }).click()
      await page.getByText('Choose the steps').click()
      await check(page, 'options')
      await page.keyboard.press('Escape')

      await page.getByTestId('shrink').click()
      await expect(page.getByTestId('download')).toBeVisible()
      for (const part of ['Every tensor', 'Recipe and command line', 'Code to run it'])
        await page.getByText(part).click()
      await check(page, 'result')
      await page.getByRole('button', { name: 'Show as table' }).click()
      await check(page, 'result with table')

      await drop(page, [sample('damaged.onnx')])
      await expect(card(page, 'damaged.onnx').getByTestId('failure')).toBeVisible()
      await check(page, 'error')
    })
  }
}
