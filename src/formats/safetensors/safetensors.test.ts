import { describe, expect, it } from 'vitest'
import type { Bytes } from '../../core/bytes'
import type { Tensor } from '../../core/tensor'
import { decodeSafetensors, encodeSafetensors } from './safetensors'

const bytesOf = (values: ArrayBufferView<ArrayBuffer>): Bytes =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
const tensors = new Map<string, Tensor>([
  ['é.bias', { dtype: 'int8', shape: [3], data: Uint8Array.of(1, 255, 3) }],
  ['weight', { dtype: 'float32', shape: [2, 1], data: bytesOf(Float32Array.of(0.5, -2)) }],
  ['empty', { dtype: 'float16', shape: [0, 4], data: new Uint8Array(0) }],
  ['scalar', { dtype: 'int64', shape: [], data: bytesOf(BigInt64Array.of(-7n)) }],
])

/** A file with this header and so many bytes of elements. */
function file(header: unknown, elements = 8): Bytes {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + elements)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}
const one = (rest: object) => file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...rest } })

describe('safetensors', () => {
  it('come back as they were written', () => {
    const bytes = encodeSafetensors(tensors, new Map([['format', 'pt']]))
    const found = decodeSafetensors(bytes)
    expect([...found.metadata]).toEqual([['format', 'pt']])
    expect(new Map([...found.tensors].sort())).toEqual(new Map([...tensors].sort()))
    expect(encodeSafetensors(new Map([...tensors].reverse()), found.metadata)).toEqual(bytes)
  })

  it("are read from another program's file: elements directly behind the header", () => {
    // safetensors 0.6.2: save({'b': torch.tensor([1.5]), 'a': torch.tensor([True, False])})
    const header =
      '{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"BOOL","shape":[2],"data_offsets":[4,6]}}'
    const bytes = file(header, 6)
    bytes.set([0, 0, 192, 63, 1, 0], bytes.length - 6)
    const { tensors: found } = decodeSafetensors(bytes)
    expect(found.get('b')).toEqual({ dtype: 'float32', shape: [1], data: Uint8Array.of(0, 0, 192, 63) })
    expect(found.get('a')!.data).toEqual(Uint8Array.of(1, 0))
  })

  it.each([
    [new Uint8Array(5), 'w.safetensors: a safetensors file has at least 8 bytes, and this one has 5. '],
    [file('{}', 0).slice(0, 9), 'its header should have 2 bytes, and the file has 9'],
    [file('[1]'), 'w.safetensors at byte 8: its header is not a JSON object'],
    [file('{'), 'its header is not a JSON object'],
    [one({ dtype: 'F3' }), 'tensor a has the element type F3, which is not known'],
    [one({ shape: [-2] }), 'the entry of tensor a has no valid shape and range'],
    [one({ shape: [3] }), 'tensor a should have 12 bytes, and its range is 0 to 8 of 8'],
    [one({ data_offsets: [8, 16] }), 'tensor a should have 8 bytes, and its range is 8 to 16 of 8'],
    [
      file({ a: { dtype: 'I8', shape: [2], data_offsets: [1, 3] } }),
      'a tensor begins at byte 1 of the elements instead of 0',
    ],
    [
      file({ a: { dtype: 'I8', shape: [2], data_offsets: [0, 2] } }),
      'its tensors end at byte 2 of the elements, and there are 8',
    ],
  ])('%#: says what is wrong', (bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'w.safetensors')).toThrow(message)
  })

  it('refuses what the format cannot hold', () => {
    const packed = new Map<string, Tensor>([['w', { dtype: 'int4', shape: [2], data: Uint8Array.of(1) }]])
    expect(() => encodeSafetensors(packed)).toThrow('safetensors cannot hold int4 (tensor w).')
  })
})
