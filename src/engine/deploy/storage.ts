/** Where values lie in a module's memory, and the bytes that its weights travel as. */
import type { HostArray } from '../../core/host-array'
import { numbersOf } from '../../core/host-array'
import { numberToFloat16 } from '../../core/tensor'

/** Floats at the start of memory that stay 0: where there is no bias, it is read from here. */
export const FIRST_ADDRESS = 64
/** Kernels read whole vectors. */
const ALIGNMENT = 4

const aligned = (count: number): number => Math.ceil(count / ALIGNMENT) * ALIGNMENT

type Kind = 'float32' | 'int32' | 'float16' | 'int8' | 'uint8'

/** In an order in which every part of the bytes is aligned. */
const KINDS: Readonly<
  Record<Kind, { make(numbers: ArrayLike<number>): ArrayBufferView; read: string; bytes: number }>
> = {
  float32: { make: (numbers) => Float32Array.from(numbers), read: 'Float32Array', bytes: 4 },
  int32: { make: (numbers) => Int32Array.from(numbers), read: 'Int32Array', bytes: 4 },
  float16: { make: (numbers) => Uint16Array.from(numbers, numberToFloat16), read: 'Uint16Array', bytes: 2 },
  int8: { make: (numbers) => Int8Array.from(numbers), read: 'Int8Array', bytes: 1 },
  uint8: { make: (numbers) => Uint8Array.from(numbers), read: 'Uint8Array', bytes: 1 },
}

/** The narrowest kind that holds all values. */
function kindOf({ dtype }: HostArray, numbers: ArrayLike<number>): Kind {
  if (dtype === 'float16') return 'float16'
  if (dtype.startsWith('float') || dtype === 'bfloat16') return 'float32'
  const all = Array.from(numbers)
  const fits = (low: number, high: number) => all.every((one) => one >= low && one <= high)
  if (fits(-128, 127)) return 'int8'
  if (fits(0, 255)) return 'uint8'
  return fits(-(2 ** 31), 2 ** 31 - 1) ? 'int32' : 'float32'
}

export interface Stored {
  readonly addresses: ReadonlyMap<number, number>
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Statements that put `bytes` into memory. */
  readonly loads: readonly string[]
  /** The first address behind them. */
  readonly end: number
}

/**
 * Constants of one kind lie together, in the file as in memory.
 */
export function storeConstants(constants: ReadonlyMap<number, HostArray>): Stored {
  const addresses = new Map<number, number>()
  const loads: string[] = []
  const parts: ArrayBufferView[] = []
  let [end, offset] = [FIRST_ADDRESS, 0]
  const given = [...constants].map(([id, array]) => {
    const numbers = numbersOf(array)
    return { id, numbers, kind: kindOf(array, numbers) }
  })
  for (const [kind, { make, read, bytes }] of Object.entries(KINDS)) {
    const start = end
    const numbers: number[] = []
    for (const one of given.filter((other) => other.kind === kind)) {
      addresses.set(one.id, start + numbers.length)
      for (const number of Array.from(one.numbers)) numbers.push(number)
      while (numbers.length % ALIGNMENT !== 0) numbers.push(0)
    }
    if (numbers.length === 0) continue
    const view = `new ${read}(bytes, ${offset}, ${numbers.length})`
    loads.push(`memory.set(${kind === 'float16' ? `Array.from(${view}, half)` : view}, ${start})`)
    parts.push(make(numbers))
    offset += numbers.length * bytes
    end += numbers.length
  }
  return { addresses, bytes: joined(parts, offset), loads, end }
}

function joined(parts: readonly ArrayBufferView[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes)
  let at = 0
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}

/** A value that lives from one line to another, both included. */
export interface Life {
  readonly id: number
  readonly size: number
  readonly from: number
  readonly to: number
}

/**
 * Places for values, so that those which live at the same time do not overlap: each gets the first gap that it fits into.
 * @returns addresses, and the first one behind all
 */
export function placeValues(lives: readonly Life[], start: number): { addresses: Map<number, number>; end: number } {
  const addresses = new Map<number, number>()
  const placed: { life: Life; at: number; end: number }[] = []
  let end = start
  for (const life of lives) {
    const others = placed.filter(({ life: other }) => other.from <= life.to && life.from <= other.to)
    let at = start
    for (const other of others.sort((a, b) => a.at - b.at)) {
      if (at + aligned(life.size) <= other.at) break
      at = Math.max(at, other.end)
    }
    addresses.set(life.id, at)
    placed.push({ life, at, end: at + aligned(life.size) })
    end = Math.max(end, at + aligned(life.size))
  }
  return { addresses, end }
}
