/** Elements between the host's arrays and the words of the device (R4). */
import { deviceLayout } from '../../core/device-layout'
import { elementCount, type KnownDType } from '../../core/dtypes'
import { assert, DeviceError } from '../../core/errors'
import { emptyArray, type HostArray } from '../../core/host-array'

/** Bytes that `count` elements take, whole words. */
export function deviceBytes(dtype: KnownDType, count: number): number {
  const layout = deviceLayout(dtype)
  assert(layout, `an operand of ${dtype}, which the device cannot hold`)
  return Math.ceil((count * layout.bits) / 32) * 4
}

/**
 * The words of an array, ready to upload.
 * @throws DeviceError for a 64-bit integer that 32 bits cannot hold
 */
export function toDevice({ dtype, values }: HostArray): Uint8Array<ArrayBuffer> {
  const layout = deviceLayout(dtype)
  assert(layout, `an array of ${dtype}, which the device cannot hold`)
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return narrowed(dtype, values)
  if (layout.isBoolean) return bytesOf(Uint32Array.from(values as Uint8Array, (value) => (value === 0 ? 0 : 1)))
  assert(values.BYTES_PER_ELEMENT * 8 === layout.bits, `an array of ${dtype} with slots of another size`)
  const bytes = bytesOf(values)
  if (bytes.length % 4 === 0) return bytes
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  padded.set(bytes)
  return padded
}

/** A new array of what was read from the device; `bytes` may be longer by a part of a word. */
export function fromDevice(dtype: KnownDType, shape: readonly number[], bytes: Uint8Array<ArrayBuffer>): HostArray {
  const array = emptyArray(dtype, shape)
  const count = elementCount(shape)
  const { values } = array
  if (values instanceof BigInt64Array) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, count)
    for (let i = 0; i < count; i++) values[i] = BigInt(words[i] as number)
  } else if (values instanceof BigUint64Array) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count)
    for (let i = 0; i < count; i++) values[i] = BigInt(words[i] as number)
  } else if (deviceLayout(dtype)?.isBoolean) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count)
    for (let i = 0; i < count; i++) values[i] = words[i] === 0 ? 0 : 1
  } else {
    bytesOf(values).set(bytes.subarray(0, values.byteLength))
  }
  return array
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, byteOffset, byteLength)

function narrowed(dtype: KnownDType, values: BigInt64Array | BigUint64Array): Uint8Array<ArrayBuffer> {
  const words = values instanceof BigInt64Array ? new Int32Array(values.length) : new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    words[i] = Number(values[i])
    if (BigInt(words[i] as number) !== values[i]) throw new DeviceError(beyondWord(dtype, values[i]))
  }
  return bytesOf(words)
}

const beyondWord = (dtype: KnownDType, value: bigint | undefined): string =>
  `The GPU holds ${dtype} in 32 bits, and the value ${value} does not fit. Use another backend for this model: wasm or reference.`
