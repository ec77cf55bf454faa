import { expect, NO_SHARED_DATA, open, sharedData, test } from './support'

test('a folder of labelled pictures measures accuracy', async ({ page }) => {
  const [model, pictures] = [sharedData('cifar10-resnet20/cifar10-resnet20.onnx'), sharedData('cifar10-images/calib')]
  test.skip(!model || !pictures, NO_SHARED_DATA)
  test.setTimeout(120_000)
  await open(page)
  await page.getByTestId('files').setInputFiles(model as string)
  await expect(page.getByTestId('shrink')).toBeVisible()
  await page.getByTestId('data-folder').setInputFiles(pictures as string)
  await expect(page.getByRole('article')).toContainText('501 files')
  // few trials: that the pictures are read is the point
  await page.getByText('More for the search').click()
  await page.getByTestId('max-trials').fill('3')
  await page.getByTestId('max-trials').press('Tab')
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 100_000 })
  await expect(page.getByRole('article')).toContainText(/Accuracy [89]\d\.\d% → [89]\d\.\d%/)
  await expect(page.getByRole('article')).toContainText('on 400 of your samples')
  await expect(page.getByRole('article')).toContainText(/pictures prepared as “(cifar10|imagenet)”/)
})
