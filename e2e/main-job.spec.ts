import { readFile } from 'node:fs/promises'
import {
  card,
  downloadedBytes,
  drop,
  expect,
  NO_SHARED_DATA,
  open,
  runModel,
  sample,
  sharedData,
  sqnrDb,
  test,
  wave,
} from './support'

test('a sample becomes a smaller file that runs and answers the same', async ({ page }) => {
  await open(page)
  await page.getByTestId('sample-shapes').click()
  await page.getByTestId('shrink').click()
  const done = card(page, 'shapes.onnx')
  await expect(done.getByTestId('size')).toContainText('73.3 kB', { timeout: 45_000 })
  await expect(done).toContainText(/Accuracy 95\.\d% → 9\d\.\d%/)
  await expect(done).toContainText('on 288 of your samples')

  const { name, bytes } = await downloadedBytes(page, () => done.getByTestId('download').click())
  expect(name).toBe('shapes.small.onnx')
  expect(bytes.byteLength).toBeLessThan(0.31 * 73_323)
  // as bright as pictures are: ranges were chosen on such
  const feeds = { image: { shape: [3, 1, 16, 16], values: wave(768).map((value) => Math.abs(value)) } }
  const before = await runModel(await readFile(sample('shapes.onnx')), feeds)
  const after = await runModel(bytes, feeds)
  expect(sqnrDb(before['scores'] ?? [], after['scores'] ?? [])).toBeGreaterThan(20)
})

test('a real model: drop, shrink, download, run', async ({ page }) => {
  const path = sharedData('mnist-cntk/mnist.onnx')
  test.skip(!path, NO_SHARED_DATA)
  const model = path as string
  await open(page)
  await drop(page, [model])
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
  await expect(
    page.getByText(/Plume's own engine \(WebAssembly\) ran \d+ samples of it too and agrees within \d\.\d\d%/),
  ).toBeVisible()
  const { bytes } = await downloadedBytes(page, () => page.getByTestId('download').click())
  const original = await readFile(model)
  expect(bytes.byteLength).toBeLessThan(original.byteLength)
  const feeds = { Input3: { shape: [1, 1, 28, 28], values: wave(784).map((value) => Math.abs(value) * 255) } }
  const [before, after] = [await runModel(original, feeds), await runModel(bytes, feeds)]
  const output = Object.keys(before)[0] as string
  expect(sqnrDb(before[output] ?? [], after[output] ?? [])).toBeGreaterThan(20)
})

test('an alternative is one click away, and both results stay', async ({ page }) => {
  await open(page)
  await page.getByTestId('sample-shapes').click()
  await page.getByTestId('shrink').click()
  const done = card(page, 'shapes.onnx')
  await done.getByRole('button', { name: /^Use float16 instead \d/ }).click()
  await expect(done.getByTestId('size')).toContainText('37.', { timeout: 45_000 })
  const versions = done.getByRole('group', { name: 'Results of this file' }).getByRole('button')
  await expect(versions).toHaveCount(2)
  await versions.first().click()
  await expect(done.getByTestId('size')).toContainText(/2\d\.\d kB/)
})

test('a model that is already int8 is kept, with the reason', async ({ page }) => {
  await open(page)
  await page.getByTestId('sample-int8').click()
  const kept = card(page, 'shapes-int8.onnx')
  await kept.getByTestId('shrink').click()
  await expect(kept).toContainText('Original kept')
  await expect(kept).toContainText('already quantized')
  await expect(kept.getByTestId('download')).toHaveCount(0)
})

test('options make a recipe, generated from the schema and checked', async ({ page }) => {
  await open(page)
  await drop(page, [sample('shapes.onnx')])
  await page.getByRole('button', { name: 'Options' }).click()
  const dialog = page.getByRole('dialog', { name: 'Options' })
  await dialog.getByText('Choose the steps').click()
  await dialog.getByLabel('Seed').fill('-3')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Some values do not fit')
  await dialog.getByLabel('Seed').fill('7')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Shrink with tidy + weights-int8' }).click()
  await page.getByText('Recipe and command line').click()
  await expect(page.getByTestId('recipe')).toContainText('"seed": 7')
  await expect(page.getByTestId('cli')).toHaveText(
    'npx plume compress shapes.onnx -o shapes.small.onnx --method weights-int8 --seed 7',
  )
})

test('a model with its weights in a second file', async ({ page }) => {
  const [model, weights] = ['.onnx', '.onnx.data'].map((end) =>
    sharedData(`cifar10-resnet20-external/cifar10-resnet20${end}`),
  )
  test.skip(!model || !weights, NO_SHARED_DATA)
  await open(page)
  await drop(page, [model as string])
  await expect(page.getByTestId('failure')).toContainText('cifar10-resnet20.onnx.data')
  await page.getByRole('button', { name: 'Remove cifar10-resnet20.onnx' }).click()

  await drop(page, [model as string, weights as string])
  await page.getByTestId('shrink').click()
  await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
  await expect(page.getByTestId('size')).toContainText('smaller')
})
