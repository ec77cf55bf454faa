import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { nodeFileSet } from '../../testing/node-files'
import { onnx } from '../../formats/onnx/onnx'
import { writeJavaScriptModule } from './javascript-module'

test('probe', async () => {
  const model = await onnx.read(await nodeFileSet('public/samples/shapes.onnx'))
  const text = await writeJavaScriptModule(model, { name: 'shapes' })
  await writeFile('/tmp/w/shapes.mjs', text)
  expect(text.length).toBeGreaterThan(1000)
  const model8 = await onnx.read(await nodeFileSet('public/samples/shapes-int8.onnx'))
  await writeFile('/tmp/w/shapes8.mjs', await writeJavaScriptModule(model8, { name: 'shapes' }))
  void [mkdtemp, tmpdir, join, pathToFileURL]
})
