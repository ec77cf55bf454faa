import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cli, downloadedBytes, drop, expect, open, sample, sha256, sharedData, test } from './support'

const run = promisify(execFile)

for (const { name, path } of [
  { name: 'the sample', path: sample('shapes.onnx') },
  { name: 'a real model', path: sharedData('mnist-cntk/mnist.onnx') },
]) {
  test(`same recipe, same bytes in page and command line: ${name}`, async ({ page }) => {
    test.skip(!path, '../shared/data is not there: real models are tested where it is')
    const model = path as string
    await open(page)
    await drop(page, [model])
    await page.getByTestId('shrink').click()
    await expect(page.getByTestId('download')).toBeVisible({ timeout: 45_000 })
    const { bytes } = await downloadedBytes(page, () => page.getByTestId('download').click())
    await page.getByText('Recipe and command line').click()
    const recipe = await page.getByTestId('recipe').innerText()

    const folder = await mkdtemp(join(tmpdir(), 'plume-e2e-'))
    try {
      const [recipeFile, output] = [join(folder, 'recipe.json'), join(folder, 'out.onnx')]
      await writeFile(recipeFile, recipe)
      const { stdout } = await run(process.execPath, [
        cli,
        'compress',
        model,
        '-o',
        output,
        '--recipe',
        recipeFile,
        '--json',
        '--quiet',
      ])
      const ofCli = sha256(await readFile(output))
      expect(ofCli).toBe(sha256(bytes))
      expect((JSON.parse(stdout) as { output: { sha256: string } }).output.sha256).toBe(ofCli)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
}
