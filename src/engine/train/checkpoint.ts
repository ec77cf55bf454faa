import type { HostArray } from '../../core/host-array'
import { packArrays, unpackArrays } from './packed-arrays'
import type { EpochResult } from './trainer'

/** Where a training is after an epoch: all that the next one depends on. */
export interface Checkpoint {
  /** What must be the same for it to be gone on with: settings, data, shapes. */
  readonly key: string
  readonly history: readonly EpochResult[]
  readonly bestEpoch: number
  /** null: no validation was a number so far. */
  readonly bestLoss: number | null
  /** All states after the last epoch of `history`. */
  readonly states: ReadonlyMap<string, HostArray>
  /** Parameters after the best epoch. */
  readonly best: ReadonlyMap<string, HostArray>
}

type Facts = Omit<Checkpoint, 'states' | 'best'>

const PARTS = ['states', 'best'] as const
const prefixed = (part: string, arrays: ReadonlyMap<string, HostArray>) =>
  [...arrays].map(([name, array]): [string, HostArray] => [`${part}:${name}`, array])

export function encodeCheckpoint({ states, best, ...facts }: Checkpoint): Uint8Array<ArrayBuffer> {
  return packArrays({ facts, arrays: new Map([...prefixed('states', states), ...prefixed('best', best)]) })
}

/** @returns null for bytes that are no checkpoint, or one of another training */
export function decodeCheckpoint(bytes: Uint8Array, key: string): Checkpoint | null {
  const found = unpackArrays(bytes)
  const facts = found?.facts as Facts | null | undefined
  if (!found || !facts || facts.key !== key) return null
  const [states, best] = PARTS.map((part) => {
    const own = [...found.arrays].filter(([name]) => name.startsWith(`${part}:`))
    return new Map(own.map(([name, array]) => [name.slice(part.length + 1), array]))
  })
  return { ...facts, states: states as Checkpoint['states'], best: best as Checkpoint['best'] }
}
