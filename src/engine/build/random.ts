/**
 * Random numbers of training: a key of two words, seed and step, is a state of the session, so that masks differ at every step,
 * are the same on every machine, and go on identically from a checkpoint.
 */
import { hostArray, type HostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import type { GraphWriter, ValueName } from '../../ops/gradient'

/** Name of the state that holds the key. */
export const RANDOM_STATE = 'random/key'

/** The key of a seed before its first step, int32 [2]. */
export const randomKey = (seed: number): HostArray => hostArray('int32', [2], [seed | 0, 0])

/** The key of the step that follows. */
export const nextKey = (write: GraphWriter, key: ValueName): ValueName =>
  write.add('Add', [key, write.constant(hostArray('int32', [2], [0, 1]))])

/** Numbers in [0, 1), float32, in the shape of a value; each `stream` of a graph gives others. */
export const uniformLike = (write: GraphWriter, like: ValueName, key: ValueName, stream: number): ValueName =>
  write.add('CounterUniform', [key, write.add('Shape', [like])], [attribute.int('stream', stream)], 'ai.plume')

export interface Dropping {
  readonly key: ValueName
  readonly stream: number
  /** The probability of each element to become 0, in [0, 1). */
  readonly ratio: number
}

/** Which elements of a value stay: bool. */
export const staying = (write: GraphWriter, x: ValueName, { key, stream, ratio }: Dropping): ValueName =>
  write.add('GreaterOrEqual', [uniformLike(write, x, key, stream), write.number(ratio)])

/** 0 with the probability `ratio`, else x / (1 − ratio) (Srivastava et al., JMLR 15, 2014). */
export function dropped(write: GraphWriter, x: ValueName, dropping: Dropping): ValueName {
  const { ratio } = dropping
  if (ratio === 0) return x
  const { dtype } = write.type(x)
  const stays = staying(write, x, dropping)
  const scaled = write.add('Mul', [x, write.number(1 / (1 - ratio), dtype)])
  return write.add('Where', [stays, scaled, write.number(0, dtype)])
}
