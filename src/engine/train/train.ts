/** The loop of training: epochs of steps, a validation after each, the best weights kept. */
import { UsageError } from '../../core/errors'
import { hostArray, toTensor, type HostArray } from '../../core/host-array'
import type { Note } from '../../core/progress'
import { Turns } from '../../core/turns'
import { cloneModel, tensorFromBytes, type Model } from '../../graph/model'
import { emaDecay } from '../optim/average'
import type { ScheduleContext } from '../optim/optimizer'
import { openStateful, type StatefulSession } from '../stateful'
import { BatchReader, orderedBatches, randomOf, shuffledBatches } from './batches'
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint'
import { explainDivergence } from './diagnose'
import {
  AVERAGE_DECAY,
  BATCH_WEIGHT,
  buildTrainingGraphs,
  EVALUATE,
  RUNNING_LOSS,
  scalarInput,
  STEP,
  TARGET,
  type TrainingGraphs,
} from './step-graph'
import { makeTrainable } from './trainable'
import type { EpochResult, Trained, TrainerOptions, TrainingData } from './trainer'

/** Samples of a batch of validation, which keeps nothing for a backward pass. */
const EVALUATION_BATCH = 256

type States = ReadonlyMap<string, HostArray>
type Feeds = Map<string, HostArray>

/**
 * Trains a model.
 * @param model its float weights are trained; its inputs and 'target' are fields of the data
 * @throws UnsupportedError naming a node without gradient, ShapeError, UsageError, AbortError; TrainingDiverged where the
 *   loss is not a number
 */
export async function train(model: Model, data: TrainingData, options: TrainerOptions): Promise<Trained> {
  const trainable = await makeTrainable(model, options.frozen, options.signal)
  const graphs = buildTrainingGraphs(trainable, { ...options, hasAverage: options.ema !== undefined })
  checkFields(graphs, data)
  const session = await openStateful(graphs, {
    machine: options.machine,
    ...(options.signal && { signal: options.signal }),
  })
  try {
    const training = new Training(session, graphs, data, options)
    await training.run()
    return {
      model: withParameters(model, training.best),
      parameters: training.best,
      history: training.history,
      bestEpoch: training.bestEpoch,
      notes: [...trainable.notes, ...training.notes],
    }
  } finally {
    session.dispose()
  }
}

function checkFields({ inputs }: TrainingGraphs, { train: samples, validation }: TrainingData): void {
  for (const data of [samples, validation]) {
    const missing = [...inputs, TARGET].find((name) => !data.fields.has(name))
    if (missing === undefined) continue
    throw new UsageError(`The samples have no field ${missing}; they have ${[...data.fields.keys()].join(', ')}.`)
  }
  if (samples.length === 0 || validation.length === 0) {
    throw new UsageError(
      `Training needs samples: ${samples.length} for training and ${validation.length} for validation.`,
    )
  }
}

class Training {
  readonly history: EpochResult[] = []
  readonly notes: Note[] = []
  best: States = new Map()
  bestEpoch = 0
  #bestLoss = Infinity
  #isFinished = false
  readonly #session: StatefulSession
  readonly #graphs: TrainingGraphs
  readonly #data: TrainingData
  readonly #options: TrainerOptions
  readonly #batches: BatchReader
  readonly #stepsPerEpoch: number
  readonly #scalars: ReadonlyMap<string, HostArray>
  readonly #turns: Turns

  constructor(session: StatefulSession, graphs: TrainingGraphs, data: TrainingData, options: TrainerOptions) {
    this.#session = session
    this.#graphs = graphs
    this.#data = data
    this.#options = options
    this.#batches = new BatchReader(data.train)
    this.#turns = new Turns(options.signal)
    this.#stepsPerEpoch = Math.ceil(data.train.length / options.batchSize)
    const names = [...options.optimizer.scalarNames.map(scalarInput), BATCH_WEIGHT]
    if (options.ema !== undefined) names.push(AVERAGE_DECAY)
    this.#scalars = new Map(names.map((name) => [name, hostArray('float32', [], [0])]))
  }

  async run(): Promise<void> {
    await this.#resume()
    while (this.history.length < this.#options.epochs && !this.#isFinished && !this.#isStuck()) {
      await this.#epoch(this.history.length)
    }
  }

  #isStuck(): boolean {
    const { patience } = this.#options
    return patience !== undefined && this.history.length - this.bestEpoch > patience
  }

  async #epoch(epoch: number): Promise<void> {
    const { seed, batchSize } = this.#options
    const start = performance.now()
    await this.#session.write(new Map([[RUNNING_LOSS, hostArray('float32', [], [0])]]))
    const before = await this.#session.read()
    const batches = shuffledBatches(this.#data.train.length, batchSize, randomOf(seed, epoch, ORDER))
    const random = randomOf(seed, epoch, SAMPLES)
    let seen = 0
    for (const [i, indices] of batches.entries()) {
      const step = epoch * this.#stepsPerEpoch + i
      const feeds = await this.#feeds(indices, step, random)
      const running = this.#session.advance(STEP, feeds)
      if (running) await running
      seen += indices.length
      if (this.#turns.isDue) await this.#turn(step + 1)
      if (this.#isFinished) break
    }
    const states = await this.#session.read()
    const loss = (states.get(RUNNING_LOSS)?.values[0] as number) / seen
    if (!Number.isFinite(loss)) await this.#explain(before, epoch)
    const validation = await this.#validate()
    const rate = this.#rate(epoch * this.#stepsPerEpoch)
    this.history.push({ epoch: epoch + 1, loss, ...validation, rate, ms: performance.now() - start })
    this.#keep(states, validation.validationLoss)
    await this.#save(states)
    await this.#turn((epoch + 1) * this.#stepsPerEpoch)
  }

  /** Without a promise where the samples are at hand: a step of a small model takes less than a turn of the event loop. */
  #feeds(indices: Uint32Array, step: number, random: ReturnType<typeof randomOf>): Feeds | Promise<Feeds> {
    const fields = this.#batches.read(indices, random)
    const { optimizer, ema } = this.#options
    const values = optimizer.scalars(step + 1, this.#rate(step))
    optimizer.scalarNames.forEach((name, i) => this.#set(scalarInput(name), values[i] as number))
    this.#set(BATCH_WEIGHT, indices.length)
    if (ema !== undefined) this.#set(AVERAGE_DECAY, emaDecay(step + 1, ema))
    return fields instanceof Promise ? fields.then((known) => this.#join(known)) : this.#join(fields)
  }

  #join(fields: ReadonlyMap<string, HostArray>): Feeds {
    const feeds = new Map(this.#scalars)
    for (const name of [...this.#graphs.inputs, TARGET]) feeds.set(name, fields.get(name) as HostArray)
    return feeds
  }

  #set(name: string, value: number): void {
    ;(this.#scalars.get(name) as HostArray).values[0] = value
  }

  #rate(step: number): number {
    const { schedule, rate, epochs } = this.#options
    const about: ScheduleContext = {
      base: rate,
      totalSteps: epochs * this.#stepsPerEpoch,
      stepsPerEpoch: this.#stepsPerEpoch,
      validation: this.history.map(({ validationLoss }) => validationLoss),
    }
    return schedule.rate(step, about)
  }

  async #validate(): Promise<Pick<EpochResult, 'validationLoss' | 'validationMetric'>> {
    const { validation } = this.#data
    const reader = new BatchReader(validation)
    const metric = this.#options.metric?.()
    let sum = 0
    for (const indices of orderedBatches(validation.length, EVALUATION_BATCH)) {
      const fields = await reader.read(indices)
      const feeds = new Map([...this.#graphs.inputs, TARGET].map((name) => [name, fields.get(name) as HostArray]))
      const found = await this.#session.run(EVALUATE, feeds)
      sum += (found.get(this.#graphs.lossValue)?.values[0] as number) * indices.length
      metric?.add(found.get(this.#graphs.prediction) as HostArray, fields.get(TARGET) as HostArray)
    }
    return { validationLoss: sum / validation.length, ...(metric && { validationMetric: metric.value() }) }
  }

  #keep(states: States, validationLoss: number): void {
    // a validation that is not a number is never better, but something must be kept
    if (this.best.size > 0 && !(validationLoss < this.#bestLoss)) return
    this.best = new Map([...this.#graphs.kept].map(([name, state]) => [name, states.get(state) as HostArray]))
    this.bestEpoch = this.history.length
    this.#bestLoss = Number.isNaN(validationLoss) ? Infinity : validationLoss
  }

  async #turn(step: number): Promise<void> {
    const { onProgress, checkIn, epochs } = this.#options
    const stepsPerEpoch = this.#stepsPerEpoch
    onProgress?.({ epoch: this.history.length, epochs, step, stepsPerEpoch, history: [...this.history] })
    if ((await checkIn?.()) === 'finish') this.#isFinished = true
    await this.#turns.take()
  }

  async #resume(): Promise<void> {
    const bytes = await this.#options.checkpoints?.load()
    const found = bytes && decodeCheckpoint(bytes, this.#key())
    if (!found) return
    await this.#session.write(found.states)
    this.history.push(...found.history)
    this.best = found.best
    this.bestEpoch = found.bestEpoch
    this.#bestLoss = found.bestLoss ?? Infinity
  }

  async #save(states: States): Promise<void> {
    const { history, bestEpoch, best } = this
    const bestLoss = Number.isFinite(this.#bestLoss) ? this.#bestLoss : null
    const checkpoint: Checkpoint = { key: this.#key(), history, bestEpoch, bestLoss, states, best }
    await this.#options.checkpoints?.save(encodeCheckpoint(checkpoint))
  }

  /** What a checkpoint must have been made with. */
  #key(): string {
    const { loss, optimizer, schedule, rate, epochs, batchSize, seed, ema, clipNorm, weightDecay } = this.#options
    const shapes = [...this.#graphs.states].map(([name, { dtype, shape }]) => [name, dtype, shape])
    const lengths = [this.#data.train.length, this.#data.validation.length]
    const names = [loss.name, optimizer.name, schedule.name]
    return JSON.stringify([names, rate, epochs, batchSize, seed, ema, clipNorm, weightDecay, lengths, shapes])
  }

  /** Goes over the epoch once more, step by step, to find where it went wrong. */
  async #explain(before: States, epoch: number): Promise<never> {
    const { seed, batchSize } = this.#options
    await this.#session.write(before)
    const batches = shuffledBatches(this.#data.train.length, batchSize, randomOf(seed, epoch, ORDER))
    const random = randomOf(seed, epoch, SAMPLES)
    for (const [i, indices] of batches.entries()) {
      const step = epoch * this.#stepsPerEpoch + i
      const states = await this.#session.read()
      const feeds = await this.#feeds(indices, step, random)
      await this.#session.advance(STEP, feeds)
      const [loss] = (await this.#session.read([RUNNING_LOSS])).get(RUNNING_LOSS)?.values ?? []
      if (Number.isFinite(loss)) continue
      const at = { epoch: epoch + 1, step: step + 1, rate: this.#rate(step) }
      throw await explainDivergence(this.#graphs, { feeds, states, at, machine: this.#options.machine })
    }
    const number = epoch + 1
    throw new UsageError(`The loss of epoch ${number} is not a number, though that of each step is.`)
  }
}

/** Purposes of random numbers. */
const ORDER = 1
const SAMPLES = 2

/** The model with other weights. */
export function withParameters(model: Model, parameters: States): Model {
  const copy = cloneModel(model)
  for (const [name, array] of parameters) {
    const { dtype, shape, data } = toTensor(array)
    const old = copy.graph.initializers.get(name)
    copy.graph.initializers.set(name, { ...tensorFromBytes(name, dtype, shape, data), ...documented(old) })
  }
  copy.edits++
  return copy
}

const documented = (old: { docString?: string } | undefined) => (old?.docString ? { docString: old.docString } : {})
