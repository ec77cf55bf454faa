/** Graphs whose whole work is one loaded program: found by the shapes of what is fed, without allocating. */
import type { LoadedProgram } from '../../backends/machine'
import type { HostArray } from '../../core/host-array'
import type { Feeds } from '../session'
import { isSame } from './constants'
import { operandDType } from './lower'
import type { Fixed } from './plan-set'
import type { Stage } from './stages'

export interface Replay {
  readonly loaded: LoadedProgram
  /** Those of the run that is to be started, in the program's order. */
  readonly inputs: readonly HostArray[]
}

interface Known extends Replay {
  readonly stage: Stage
  readonly inputs: HostArray[]
  readonly names: readonly string[]
  readonly feeds: readonly Fed[]
  readonly fixed: Fixed
}

type Fed = Pick<HostArray, 'dtype' | 'shape'> & { readonly name: string }

/** As many as plans of one graph are kept. */
const MOST_REPLAYS = 4

export class Replays {
  #known: Known[] = []

  find(feeds: Feeds): Replay | undefined {
    for (const known of this.#known) {
      if (known.stage.isFree() || !fits(known, feeds)) continue
      for (let i = 0; i < known.names.length; i++) {
        known.inputs[i] = feeds.get(known.names[i] as string) as HostArray
      }
      return known
    }
    return undefined
  }

  /** @param stage the last one of a run with these feeds */
  add(feeds: Feeds, stage: Stage): void {
    const { segment, loaded, interpreted, rest, fixed, updates } = stage
    if (!segment || !loaded || interpreted.length + rest.length + updates.size > 0) return
    const isWhole = segment.inputs.every((name) => feeds.has(name))
    // operands of widened types are given to the machine under another dtype
    const isPlain = [...feeds.values()].every(({ dtype }) => operandDType(dtype) === dtype)
    if (!isWhole || !isPlain) return
    const one = {
      ...{ stage, loaded, fixed, inputs: [], names: segment.inputs },
      feeds: [...feeds].map(([name, { dtype, shape }]) => ({ name, dtype, shape: [...shape] })),
    }
    this.#known = [one, ...this.#known.filter((known) => known.stage !== stage && !known.stage.isFree())].slice(
      0,
      MOST_REPLAYS,
    )
  }

  clear(): void {
    this.#known = []
  }
}

function fits({ feeds, fixed }: Known, given: Feeds): boolean {
  if (given.size !== feeds.length) return false
  for (let i = 0; i < feeds.length; i++) {
    const { name, dtype, shape } = feeds[i] as Fed
    const array = given.get(name)
    if (!array || array.dtype !== dtype || array.shape.length !== shape.length) return false
    for (let axis = 0; axis < shape.length; axis++) if (array.shape[axis] !== shape[axis]) return false
  }
  if (fixed.size === 0) return true
  for (const [name, array] of fixed) if (!isSame(array, given.get(name))) return false
  return true
}
