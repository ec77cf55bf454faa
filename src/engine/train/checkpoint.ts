/** Where a training is, as bytes: a JSON head with what each array is, then the arrays. */
import { emptyArray, type HostArray } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import type { EpochResult } from './trainer'

export interface Checkpoint {
  /** What must be the same for it to be gone on with: settings, data, shapes. */
  readonly key: string
  readonly history: readonly EpochResult[]
  readonly bestEpoch: number
  /** null: no epoch is over. */
  readonly bestLoss: number | null
  /** All states after the last epoch of `history`. */
  readonly states: ReadonlyMap<string, HostArray>
  /** Parameters after the best epoch. */
  readonly best: ReadonlyMap<string, HostArray>
}

interface Head extends Omit<Checkpoint, 'states' | 'best'> {
  readonly arrays: readonly { part: 'states' | 'best'; name: string; dtype: KnownDType; shape: readonly number[] }[]
}

const VERSION = 1
/** Arrays begin at multiples of so many bytes. */
const ALIGNMENT = 8
const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

export function encodeCheckpoint({ states, best, ...facts }: Checkpoint): Uint8Array<ArrayBuffer> {
  const parts = [
    ...[...states].map(([name, array]) => ({ part: 'states' as const, name, array })),
    ...[...best].map(([name, array]) => ({ part: 'best' as const, name, array })),
  ]
  const arrays = parts.map(({ part, name, array: { dtype, shape } }) => ({ part, name, dtype, shape }))
  const head = new TextEncoder().encode(JSON.stringify({ ...facts, arrays } satisfies Head))
  const start = aligned(8 + head.length)
  const size = parts.reduce((sum, { array }) => sum + aligned(array.values.byteLength), start)
  const bytes = new Uint8Array(size)
  new Uint32Array(bytes.buffer, 0, 2).set([VERSION, head.length])
  bytes.set(head, 8)
  let at = start
  for (const { array } of parts) {
    const { buffer, byteOffset, byteLength } = array.values
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += aligned(byteLength)
  }
  return bytes
}

/** @returns null for bytes that are no checkpoint of this version, or of another training */
export function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>, key: string): Checkpoint | null {
  const whole = new Uint8Array(bytes)
  if (whole.length < 8) return null
  const [version = 0, headBytes = 0] = new Uint32Array(whole.buffer, 0, 2)
  if (version !== VERSION || 8 + headBytes > whole.length) return null
  const head = parse(whole.subarray(8, 8 + headBytes))
  if (!head || head.key !== key) return null
  const { arrays, ...facts } = head
  const found = { states: new Map<string, HostArray>(), best: new Map<string, HostArray>() }
  let at = aligned(8 + headBytes)
  for (const { part, name, dtype, shape } of arrays) {
    const array = emptyArray(dtype, shape)
    const { byteLength } = array.values
    if (at + byteLength > whole.length) return null
    new Uint8Array(array.values.buffer).set(whole.subarray(at, at + byteLength))
    found[part].set(name, array)
    at += aligned(byteLength)
  }
  return { ...facts, ...found }
}

/** A stored blob may be cut off: what does not parse is no checkpoint. */
function parse(bytes: Uint8Array): Head | null {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Head
  } catch {
    return null
  }
}
