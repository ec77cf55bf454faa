import { describe, expect, it } from 'vitest'
import { memorySource, singleFile } from '../core/bytes'
import { FormatError } from '../core/errors'
import { describeBytes } from './describe'
import { detectModel, detectModelEntry, MODEL_FORMATS, modelFormatForName } from './index'
import { len, modelOf, num, utf8 } from './onnx/onnx-test-kit'

const file = (bytes: Uint8Array<ArrayBuffer>, name = 'f.bin') => singleFile(memorySource(bytes, name))
const bytes = (...values: number[]) => Uint8Array.from([...values, 0, 1, 2, 3, 4, 5, 6, 7])

describe('registry of model formats', () => {
  it('knows ONNX by its content, whatever the name', async () => {
    const format = await detectModel(file(modelOf(len(2, 'g')), 'model.dat'))
    expect((await format.read(file(modelOf(len(2, 'g'))))).graph.name).toBe('g')
    expect((await detectModelEntry(file(modelOf(len(2, 'g'))))).meta.id).toBe('onnx')
  })

  it('finds a format for the name of an output', () => {
    expect(modelFormatForName('a/B.ONNX')?.meta.id).toBe('onnx')
    expect(modelFormatForName('onnx')).toBeUndefined()
    expect(new Set(MODEL_FORMATS.map(({ meta }) => meta.id)).size).toBe(MODEL_FORMATS.length)
  })

  it('says what a foreign file is and what Plume reads', async () => {
    await expect(detectModel(file(bytes(0x50, 0x4b, 3, 4), 'net.pt'))).rejects.toThrow(FormatError)
    await expect(detectModel(file(bytes(0x50, 0x4b, 3, 4), 'net.pt'))).rejects.toThrow(
      /^net\.pt at byte 0: expected a model file; its first bytes \(50 4b 03 04 00 01 02 03\) are those of a zip archive .* Plume does not read this kind of file as a model yet\. It reads: ONNX \(\.onnx\)\.$/,
    )
  })

  it.each([
    ['CSV with quotes', utf8('"sepal length","sepal width"\n5.1,3.5\n')],
    ['a short text that begins like a graph', utf8(':root { color: red }')],
    ['JSON', utf8('{"a": 1}')],
    ['UTF-8 text', utf8('Größe;Höhe\n1;2\n')],
    ['a TensorProto', Uint8Array.of(8, 1, 8, 3, 0x10, 1, 0x4a, 0)],
    ['a TensorFlow SavedModel', Uint8Array.of(8, 1, 0x12, 5, 0x0a, 3, 0x12, 1, 5)],
    ['an int8 array', Uint8Array.of(8, 0, 0, 0, 9, 9)],
    ['nothing', new Uint8Array(0)],
  ])('does not take %s for ONNX', async (_, content) => {
    await expect(detectModel(file(content))).rejects.toThrow('expected a model file')
  })

  it('takes models whose fields come in another order, and newer fields', async () => {
    const graph = modelOf(len(2, 'g')).slice(2)
    for (const content of [
      graph,
      Uint8Array.of(...graph, ...num(1, 13)),
      Uint8Array.of(...graph, ...num(99, 1), ...len(98, 'x')),
    ]) {
      expect((await detectModelEntry(file(content))).meta.id).toBe('onnx')
    }
  })

  it.each([
    [bytes(0x1f, 0x8b), 'those of a gzip archive'],
    [bytes(0x89, 0x48, 0x44, 0x46), 'those of an HDF5 file'],
    [bytes(0x80, 2), 'those of a Python pickle'],
    [bytes(0x50, 0x4b, 5, 6), 'those of an empty zip archive'],
    [Uint8Array.of(0xf0, 0x12, 0, 0, 0, 0, 0, 0, 0x7b, 0x22), 'those of a safetensors file'],
    [utf8('RIFF1234WEBPVP8 '), 'those of a WebP picture'],
    [utf8('RIFF1234WAVEfmt '), 'those of a WAV sound'],
    [utf8('x'.padEnd(257, '\0') + 'ustar\0'), 'it is a tar archive'],
    [bytes(0x47, 0x47, 0x55, 0x46), 'those of a GGUF file'],
    [bytes(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59), 'those of a NumPy array'],
    [bytes(0x89, 0x50, 0x4e, 0x47), 'those of a PNG picture'],
    [bytes(0xff, 0xd8, 0xff), 'those of a JPEG picture'],
    [bytes(0x25, 0x50, 0x44, 0x46), 'those of a PDF document'],
    [bytes(0x1c, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33), 'those of a TensorFlow Lite model'],
    [utf8('version https://git-lfs.github.com/spec/v1\noid'), 'it is a Git LFS pointer'],
    [utf8('\n<!DOCTYPE html><html>'), 'it is a web page'],
    [utf8('a,b\n1,2'), 'it begins with the text "a,b\\n1,2"'],
    [Uint8Array.of(0, 1, 254), 'its first bytes are 00 01 fe'],
    [new Uint8Array(0), 'the file is empty'],
  ])('describes what a file begins with (%#)', (head, description) => {
    expect(describeBytes(head)).toContain(description)
  })
})
