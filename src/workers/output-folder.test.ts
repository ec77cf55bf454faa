import { describe, expect, it } from 'vitest'
import type { Bytes } from '../core/bytes'
import { DeviceError } from '../core/errors'
import { BlobFolder, type SpillFolder } from './output-folder'

/** A disk in memory with room for `capacity` bytes; like OPFS it writes short instead of throwing. */
function disk(capacity: number) {
  const files = new Map<string, Uint8Array>()
  const folder: SpillFolder = {
    async open(name) {
      files.set(name, new Uint8Array(0))
      return {
        write(bytes, { at }) {
          const room = Math.max(0, Math.min(bytes.byteLength, capacity - at))
          const grown = new Uint8Array(at + room)
          grown.set(files.get(name) ?? [])
          grown.set(bytes.subarray(0, room), at)
          files.set(name, grown)
          return room
        },
        getSize: () => files.get(name)?.byteLength ?? 0,
        flush: () => undefined,
        close: () => undefined,
      }
    },
    read: async (name) => new Blob([(files.get(name) ?? new Uint8Array(0)) as Bytes]),
    remove: async (name) => void files.delete(name),
  }
  return { files, folder }
}

const bytes = (...values: number[]) => Uint8Array.from(values)
const contents = async (blob: Blob | undefined) => [...new Uint8Array((await blob?.arrayBuffer()) ?? [])]

describe('BlobFolder', () => {
  it('keeps a small result in memory and never opens the disk', async () => {
    const folder = new BlobFolder(() => Promise.reject(new Error('must not be opened')), 7)
    const sink = await folder.create('a.onnx')
    await sink.write(bytes(1, 2, 3))
    await sink.write(bytes(4, 5, 6, 7))
    await sink.close()
    expect(await contents(folder.blobs.get('a.onnx'))).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('moves to the disk at the limit, with the bytes in order', async () => {
    const { folder: spill, files } = disk(100)
    const folder = new BlobFolder(async () => spill, 4)
    const sink = await folder.create('b.onnx')
    await sink.write(bytes(1, 2, 3))
    expect(files.size).toBe(0)
    await sink.write(bytes(4, 5))
    await sink.write(bytes(6))
    await sink.close()
    expect(await contents(folder.blobs.get('b.onnx'))).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('stays in memory where the browser refuses its disk', async () => {
    let asked = 0
    const folder = new BlobFolder(() => {
      asked++
      return Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'))
    }, 2)
    const sink = await folder.create('d.onnx')
    await sink.write(bytes(1, 2))
    await sink.write(bytes(3))
    await sink.write(bytes(4, 5))
    await sink.close()
    expect(await contents(folder.blobs.get('d.onnx'))).toEqual([1, 2, 3, 4, 5])
    expect(asked).toBe(1)
  })

  it('says what was needed and found when the storage is full, and leaves nothing', async () => {
    const { folder: spill, files } = disk(5)
    const folder = new BlobFolder(async () => spill, 2)
    const sink = await folder.create('c.onnx')
    await sink.write(bytes(1, 2))
    const failure = sink.write(bytes(3, 4, 5, 6))
    await expect(failure).rejects.toThrow(DeviceError)
    await expect(failure).rejects.toThrow("c.onnx: the browser's storage is full: 6 bytes had to be written, 5 were.")
    await sink.abort()
    expect(files.size).toBe(0)
    expect(folder.blobs.size).toBe(0)
  })
})
