/**
 * Weights by name, as Hugging Face's safetensors: 8 bytes with the length of a JSON header, the header, the elements.
 *
 * Source: https://github.com/huggingface/safetensors/blob/v0.6.2/README.md#format
 */
import type { Bytes } from '../../core/bytes'
import { elementCount, storageBytes, type DType, type KnownDType } from '../../core/dtypes'
import { FormatError, UnsupportedError } from '../../core/errors'
import type { Tensor } from '../../core/tensor'

const TYPES: Readonly<Record<string, KnownDType>> = {
  ...{ BOOL: 'bool', U8: 'uint8', I8: 'int8', U16: 'uint16', I16: 'int16', U32: 'uint32', I32: 'int32' },
  ...{ U64: 'uint64', I64: 'int64', F16: 'float16', BF16: 'bfloat16', F32: 'float32', F64: 'float64' },
  ...{ F8_E4M3: 'float8e4m3fn', F8_E5M2: 'float8e5m2' },
}
const NAMES = new Map(Object.entries(TYPES).map(([name, dtype]): [DType, string] => [dtype, name]))
/** Of the header, as the format's own library has it. */
const MAX_HEADER_BYTES = 100_000_000
const PREFIX_BYTES = 8
const HINT = { hint: 'The file may be damaged or incomplete; fetch it again.' }

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>
  /** Texts that the file carries, e.g. format → pt. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * One file of all tensors; the same tensors give the same bytes, whatever their order.
 * @throws UnsupportedError for element types that the format does not have
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Bytes {
  const sorted = [...tensors].sort(([a, left], [b, right]) => widthOf(right) - widthOf(left) || (a < b ? -1 : 1))
  const header: Record<string, unknown> = metadata.size > 0 ? { __metadata__: Object.fromEntries(metadata) } : {}
  let end = 0
  for (const [name, { dtype, shape, data }] of sorted) {
    const type = NAMES.get(dtype)
    if (type === undefined) throw new UnsupportedError(`safetensors cannot hold ${dtype} (tensor ${name}).`)
    header[name] = { dtype: type, shape, data_offsets: [end, (end += data.byteLength)] }
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // elements begin at a multiple of 8
  const length = Math.ceil(text.byteLength / 8) * 8
  const bytes = new Uint8Array(PREFIX_BYTES + length + end).fill(0x20, PREFIX_BYTES, PREFIX_BYTES + length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, PREFIX_BYTES)
  let at = PREFIX_BYTES + length
  for (const [, { data }] of sorted) {
    bytes.set(data, at)
    at += data.byteLength
  }
  return bytes
}

const widthOf = ({ dtype }: Tensor): number => storageBytes(dtype, 1) ?? 0

/**
 * @param file its name, for messages
 * @returns tensors that share the memory of `bytes`
 * @throws FormatError for lengths, names, types and ranges that are not what the format promises
 */
export function decodeSafetensors(bytes: Bytes, file = 'memory'): Safetensors {
  const { header, begin } = readHeader(bytes, file)
  const tensors = new Map<string, Tensor>()
  const metadata = new Map<string, string>()
  const ranges: (readonly [number, number])[] = []
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(entry as object)) metadata.set(key, String(text))
      continue
    }
    const { dtype, shape, range } = readEntry(entry, name, { file, room: bytes.byteLength - begin })
    ranges.push(range)
    tensors.set(name, { dtype, shape, data: bytes.subarray(begin + range[0], begin + range[1]) })
  }
  checkCover(ranges, bytes.byteLength - begin, file)
  return { tensors, metadata }
}

function readHeader(bytes: Bytes, file: string): { header: Record<string, unknown>; begin: number } {
  if (bytes.byteLength < PREFIX_BYTES) {
    throw new FormatError(`a safetensors file has at least 8 bytes, and this one has ${bytes.byteLength}`, {
      file,
      ...HINT,
    })
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const begin = PREFIX_BYTES + length
  if (length > MAX_HEADER_BYTES || begin > bytes.byteLength) {
    throw new FormatError(`its header should have ${length} bytes, and the file has ${bytes.byteLength}`, {
      file,
      ...HINT,
    })
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREFIX_BYTES, begin))
    const header: unknown = JSON.parse(text)
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return { header: header as Record<string, unknown>, begin }
    }
  } catch {
    // told below
  }
  throw new FormatError('its header is not a JSON object', { file, offset: PREFIX_BYTES, ...HINT })
}

interface Entry {
  readonly dtype: KnownDType
  readonly shape: readonly number[]
  readonly range: readonly [number, number]
}

function readEntry(
  entry: unknown,
  name: string,
  { file, room }: { readonly file: string; readonly room: number },
): Entry {
  const { dtype: type, shape, data_offsets: range } = (entry ?? {}) as Record<string, unknown>
  const dtype = typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined
  if (!dtype)
    throw new UnsupportedError(`${file}: tensor ${name} has the element type ${String(type)}, which is not known.`)
  if (!isSizes(shape) || !isSizes(range) || range.length !== 2) {
    throw new FormatError(`the entry of tensor ${name} has no valid shape and range`, { file, ...HINT })
  }
  const [from, to] = range as [number, number]
  const expected = storageBytes(dtype, elementCount(shape))
  if (to - from !== expected || to > room) {
    throw new FormatError(
      `tensor ${name} should have ${expected} bytes, and its range is ${from} to ${to} of ${room}`,
      { file, ...HINT },
    )
  }
  return { dtype, shape, range: [from, to] }
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0)

/** The format allows neither gaps nor overlaps. */
function checkCover(ranges: readonly (readonly [number, number])[], room: number, file: string): void {
  let end = 0
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== end)
      throw new FormatError(`a tensor begins at byte ${from} of the elements instead of ${end}`, { file, ...HINT })
    end = to
  }
  if (end !== room)
    throw new FormatError(`its tensors end at byte ${end} of the elements, and there are ${room}`, { file, ...HINT })
}
