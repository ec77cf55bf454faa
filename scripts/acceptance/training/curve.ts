/** Training without the loop around it: so many steps on given batches, and the loss of each. */
import type { Machine } from '../../../src/backends/machine'
import { hostArray, type HostArray } from '../../../src/core/host-array'
import type { Loss } from '../../../src/engine/losses'
import type { Optimizer } from '../../../src/engine/optim'
import { openStateful } from '../../../src/engine/stateful'
import {
  BATCH_WEIGHT,
  buildTrainingGraphs,
  RUNNING_LOSS,
  scalarInput,
  STEP,
} from '../../../src/engine/train/step-graph'
import { makeTrainable } from '../../../src/engine/train/trainable'
import type { Model } from '../../../src/graph/model'

export interface CurveOptions {
  readonly machine: Machine | 'reference'
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly rate: number
  readonly steps: number
  readonly clipNorm?: number
  readonly frozen?: readonly string[]
}

export interface Curve {
  readonly losses: readonly number[]
  /** Of a step, without the first ones, which plan. */
  readonly ms: number
}

/** @param batch the fields of a step: inputs of the model and `target` */
export async function trainingCurve(
  model: Model,
  batch: (step: number) => ReadonlyMap<string, HostArray>,
  options: CurveOptions,
): Promise<Curve> {
  const { machine, optimizer, rate, steps } = options
  const graphs = buildTrainingGraphs(await makeTrainable(model, options.frozen), options)
  const session = await openStateful(graphs, { machine })
  const losses: number[] = []
  const times: number[] = []
  const zero = new Map([[RUNNING_LOSS, scalar(0)]])
  try {
    for (let step = 1; step <= steps; step++) {
      const feeds = new Map<string, HostArray>([...batch(step), [BATCH_WEIGHT, scalar(1)]])
      optimizer.scalars(step, rate).forEach((value, i) => {
        feeds.set(scalarInput(optimizer.scalarNames[i] as string), scalar(value))
      })
      const start = performance.now()
      await session.advance(STEP, feeds)
      const found = (await session.read([RUNNING_LOSS])).get(RUNNING_LOSS)
      times.push(performance.now() - start)
      losses.push(Number(found?.values[0]))
      await session.write(zero)
    }
  } finally {
    session.dispose()
  }
  const rest = times.slice(Math.min(3, times.length - 1)).sort((a, b) => a - b)
  return { losses, ms: rest[rest.length >> 1] ?? NaN }
}

const scalar = (value: number): HostArray => hostArray('float32', [], [value])
