import { describe, expect, it } from 'vitest'
import { MemoryFolder, type OutputFolder } from '../core/bytes'
import { UsageError } from '../core/errors'
import { writeExtras } from './write-extras'

const extra = (suffix: string, ...bytes: number[]) => ({ suffix, bytes: new Uint8Array(bytes) })

describe('files beside the model', () => {
  it('are named like it, without its extension, and told with size and hash', async () => {
    const folder = new MemoryFolder()
    const { files, undo } = await writeExtras([extra('.calib.cache', 1, 2), extra('.txt')], {
      folder,
      outputName: 'a.b.onnx',
    })
    expect(files).toMatchObject([
      // sha256 of the bytes 01 02, and of nothing
      { name: 'a.b.calib.cache', sizeBytes: 2, sha256: expect.stringMatching(/^a12871fee210fb86/) as string },
      { name: 'a.b.txt', sizeBytes: 0, sha256: expect.stringMatching(/^e3b0c44298fc1c14/) as string },
    ])
    expect([...folder.files.keys()]).toEqual(['a.b.calib.cache', 'a.b.txt'])
    await undo()
    expect(folder.files.size).toBe(0)
  })

  it('are all taken back where one cannot be written', async () => {
    const memory = new MemoryFolder()
    const folder: OutputFolder = {
      create: (name) =>
        name.endsWith('.txt') ? Promise.reject(new UsageError('a.txt exists already.')) : memory.create(name),
    }
    const written = writeExtras([extra('.cache', 1), extra('.txt', 2)], { folder, outputName: 'a.onnx' })
    await expect(written).rejects.toThrow('a.txt exists already.')
    expect(memory.files.size).toBe(0)
  })
})
