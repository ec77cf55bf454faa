/** Arrays and plain JSON in one blob: version, size of the head, JSON head with what each array is, then the arrays. */
import type { KnownDType } from '../../core/dtypes'
import { emptyArray, type HostArray } from '../../core/host-array'

export interface Packed {
  /** Plain JSON. */
  readonly facts: unknown
  readonly arrays: ReadonlyMap<string, HostArray>
}

interface Head {
  readonly facts: unknown
  readonly arrays: readonly { readonly name: string; readonly dtype: KnownDType; readonly shape: readonly number[] }[]
}

const VERSION = 1
/** Arrays begin at multiples of so many bytes. */
const ALIGNMENT = 8
const PREFIX_BYTES = 8
const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

export function packArrays({ facts, arrays }: Packed): Uint8Array<ArrayBuffer> {
  const listed = [...arrays].map(([name, { dtype, shape }]) => ({ name, dtype, shape }))
  const head = new TextEncoder().encode(JSON.stringify({ facts, arrays: listed } satisfies Head))
  const start = aligned(PREFIX_BYTES + head.length)
  const size = [...arrays.values()].reduce((sum, { values }) => sum + aligned(values.byteLength), start)
  const bytes = new Uint8Array(size)
  new Uint32Array(bytes.buffer, 0, 2).set([VERSION, head.length])
  bytes.set(head, PREFIX_BYTES)
  let at = start
  for (const { values } of arrays.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += aligned(values.byteLength)
  }
  return bytes
}

/** @returns null for bytes that are not, or only in part, what `packArrays` makes */
export function unpackArrays(given: Uint8Array): Packed | null {
  // a copy begins where views of wider types may
  const bytes = new Uint8Array(given)
  if (bytes.length < PREFIX_BYTES) return null
  const [version = 0, headBytes = 0] = new Uint32Array(bytes.buffer, 0, 2)
  if (version !== VERSION || PREFIX_BYTES + headBytes > bytes.length) return null
  const head = parse(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headBytes))
  if (!head) return null
  const arrays = new Map<string, HostArray>()
  let at = aligned(PREFIX_BYTES + headBytes)
  for (const { name, dtype, shape } of head.arrays) {
    const array = emptyArray(dtype, shape)
    const { byteLength } = array.values
    if (at + byteLength > bytes.length) return null
    new Uint8Array(array.values.buffer).set(bytes.subarray(at, at + byteLength))
    arrays.set(name, array)
    at += aligned(byteLength)
  }
  return { facts: head.facts, arrays }
}

/** A stored blob may be cut off: what does not parse is none. */
function parse(bytes: Uint8Array): Head | null {
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes)) as Head | null
    return head && Array.isArray(head.arrays) ? head : null
  } catch {
    return null
  }
}
