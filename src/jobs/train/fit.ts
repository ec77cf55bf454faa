/** One network trained on prepared data, and what it says of each part. */
import type { Machine } from '../../backends/machine'
import { UsageError } from '../../core/errors'
import { numbersOf, type HostArray } from '../../core/host-array'
import { augmented } from '../../engine/data/augment'
import type { Dataset } from '../../engine/data/dataset'
import { openEngine } from '../../engine/session'
import { BatchReader, orderedBatches } from '../../engine/train/batches'
import { TARGET } from '../../engine/train/step-graph'
import { train } from '../../engine/train/train'
import type { Trained, TrainerOptions, ValidationMetric } from '../../engine/train/trainer'
import type { Model } from '../../graph/model'
import type { Candidate } from './candidates'
import { classificationMetrics, regressionMetrics, type Scored } from './metrics'
import { chooseOptions } from './options'
import { pickRows } from './pick-rows'
import type { Metrics } from './report'
import type { TrainSettings } from './request'
import type { Prepared, Targets, Task } from './source'

export interface Fitted {
  readonly candidate: Candidate
  readonly trained: Trained
}

export interface FitContext extends Pick<
  TrainerOptions,
  'machine' | 'signal' | 'onProgress' | 'checkpoints' | 'checkIn'
> {
  readonly machine: Machine | 'reference'
  readonly prepared: Prepared
  readonly task: Task
  readonly settings: TrainSettings
  readonly seed: number
}

export async function fit(candidate: Candidate, context: FitContext): Promise<Fitted> {
  const { prepared, task, settings, seed, ...ports } = context
  const { parts, targets } = prepared
  const chosen = chooseOptions(settings, {
    ...{ kind: candidate.kind, task, samples: parts.train.length },
    ...(task.kind === 'classification' && { labels: targets.train }),
  })
  const frozen = [...(candidate.frozen ?? []), ...(settings.frozen ?? [])]
  const options: TrainerOptions = {
    ...{ ...chosen, ...ports, seed },
    metric: task.kind === 'classification' ? accuracy : determination,
    ...(frozen.length > 0 && { frozen }),
  }
  const data = { train: withAugmentation(parts.train, settings.augment), validation: parts.validation }
  return { candidate, trained: await train(candidate.network(seed), data, options) }
}

/** @throws UsageError for samples that are no pictures */
function withAugmentation(data: Dataset, kinds: TrainSettings['augment'] = []): Dataset {
  if (kinds.length === 0) return data
  const picture = [...data.fields].find(([, { shape }]) => shape.length === 3)
  if (picture) return augmented(data, kinds, { field: picture[0] })
  throw new UsageError(`Only pictures can be changed at random while training (${kinds.join(', ')}).`)
}

/** Share of samples whose highest score is that of their class. */
function accuracy(): ValidationMetric {
  let [right, all] = [0, 0]
  return {
    add(prediction, target) {
      const scores = numbersOf(prediction)
      const labels = numbersOf(target)
      const classes = scores.length / labels.length
      for (let i = 0; i < labels.length; i++) {
        let best = 0
        for (let c = 1; c < classes; c++) {
          if ((scores[i * classes + c] as number) > (scores[i * classes + best] as number)) best = c
        }
        if (best === labels[i]) right++
      }
      all += labels.length
    },
    value: () => right / all,
  }
}

/** R², which does not depend on the unit. */
function determination(): ValidationMetric {
  const [predicted, actual]: [number[], number[]] = [[], []]
  return {
    add(prediction, target) {
      predicted.push(...numbersOf(prediction))
      actual.push(...numbersOf(target))
    },
    value: () => regressionMetrics(predicted, actual).r2 as number,
  }
}

const PREDICTION_BATCH = 256

/** Every how many samples one is taken, so that at most so many are. */
export const thinning = (samples: number, most: number): number => Math.max(1, Math.ceil(samples / most))

/** Every so many samples. */
function everyOther(data: Dataset, step: number): Dataset {
  if (step === 1) return data
  return pickRows(
    data,
    Uint32Array.from({ length: Math.ceil(data.length / step) }, (_, i) => i * step),
  )
}

export interface ToPredict {
  readonly data: Dataset
  readonly task: Task
  readonly scale: Prepared['scale']
  /** Only every so many samples. */
  readonly step?: number
}

/** What a network says of samples: probabilities [samples, classes], or numbers in units of the target. */
export async function predict(
  network: Model,
  { data: all, task, scale, step = 1 }: ToPredict,
  { machine, signal }: Pick<FitContext, 'machine' | 'signal'>,
): Promise<Float64Array> {
  const data = everyOther(all, step)
  const session = await openEngine(network, { machine, ...(signal && { signal }) })
  const [{ name: output } = { name: '' }] = session.outputs
  const parts: Float64Array[] = []
  try {
    const reader = new BatchReader(data)
    for (const indices of orderedBatches(data.length, PREDICTION_BATCH)) {
      const fields = new Map(await reader.read(indices))
      fields.delete(TARGET)
      const found = numbersOf((await session.run(fields)).get(output) as HostArray)
      parts.push(task.kind === 'classification' ? softmax(found, task.classes.length) : unscaled(found, scale))
    }
  } finally {
    session.dispose()
  }
  return joined(parts)
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function softmax(scores: ArrayLike<number>, classes: number): Float64Array {
  const result = new Float64Array(scores.length)
  for (let start = 0; start < scores.length; start += classes) {
    let most = -Infinity
    for (let i = start; i < start + classes; i++) most = Math.max(most, scores[i] as number)
    let sum = 0
    for (let i = start; i < start + classes; i++) sum += result[i] = Math.exp((scores[i] as number) - most)
    for (let i = start; i < start + classes; i++) result[i] = (result[i] as number) / sum
  }
  return result
}

const unscaled = (values: ArrayLike<number>, scale: Prepared['scale']): Float64Array =>
  Float64Array.from(values, (value) => value * (scale?.deviation ?? 1) + (scale?.mean ?? 0))

export const scoredOf = (predicted: Float64Array, labels: Targets, classes: number): Scored => ({
  probabilities: predicted,
  labels,
  classes,
})

export function metricsOf(predicted: Float64Array, targets: Targets, task: Task): Metrics {
  return task.kind === 'classification'
    ? classificationMetrics(scoredOf(predicted, targets, task.classes.length))
    : regressionMetrics(predicted, targets)
}

/** Each sample's part of the loss: what candidates are compared by. */
export function lossesOf(predicted: Float64Array, targets: Targets, task: Task): number[] {
  if (task.kind === 'regression') {
    return Array.from(targets, (target, i) => (target - (predicted[i] as number)) ** 2)
  }
  const classes = task.classes.length
  return Array.from(targets, (label, i) => -Math.log(Math.max(predicted[i * classes + label] as number, 1e-12)))
}
