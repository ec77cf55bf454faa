import { expect, it } from 'vitest'
import { MemoryFolder } from '../core/bytes'
import { importModule } from '../engine/deploy/module-kit'
import { nodeFileSet } from '../testing/node-files'
import { convertModel } from './convert'

const ports = { signal: new AbortController().signal, onProgress: () => undefined }

async function convert(folder: MemoryFolder, outputName: string) {
  const files = await nodeFileSet('public/samples/shapes-int8.onnx')
  return convertModel({ files, folder, outputName, externalData: 'auto' }, ports)
}

it('writes a JavaScript module and a page that uses it', async () => {
  const folder = new MemoryFolder()
  const { files } = await convert(folder, 'shapes "a" & b.mjs')
  expect(files.map(({ name }) => name)).toEqual(['shapes "a" & b.mjs', 'shapes "a" & b.html'])
  const [module, page] = files.map(({ name }) => new TextDecoder().decode(folder.files.get(name)))
  const { predict } = await (await importModule(module!)).load()
  expect(predict([new Float32Array(256)])).toHaveLength(1)
  expect(page).toContain('<h1>shapes &quot;a&quot; &amp; b</h1>')
  expect(page).toContain('import { load } from "./shapes \\"a\\" & b.mjs"')
  expect(page).toContain('<canvas width="16" height="16">')
})

it('leaves no file where one of both cannot be written', async () => {
  const folder = new MemoryFolder()
  const create = folder.create.bind(folder)
  folder.create = async (name) => {
    if (name.endsWith('.html')) throw new Error('no room')
    return create(name)
  }
  await expect(convert(folder, 'm.mjs')).rejects.toThrow('no room')
  expect([...folder.files.keys()]).toEqual([])
})

it('says which endings there are', async () => {
  await expect(convert(new MemoryFolder(), 'm.pt')).rejects.toThrow(
    /^m\.pt: Plume cannot write this kind of file\. Give a name that ends in \.onnx.*, \.mjs\.$/,
  )
})
