import { UsageError } from '../../core/errors'
import { hostArray, type HostArray } from '../../core/host-array'
import { clipByNorm, groupSettings, movingAverage, emaDecay, type Optimizer, type ParameterGroup } from '../optim'
import type { AnyTensor } from '../tensor/tensor'
import { given, withoutGradients, type Value } from '../tensor/value'
import type { Module } from './module'
import { computeWithParameters, type Parameter } from './parameter'
import { ValueWriter } from './value-writer'

export interface TrainOptions {
  /** The learning rate; it may be set between steps. */
  readonly rate: number
  readonly weightDecay?: number
  readonly groups?: readonly ParameterGroup[]
  /** The largest norm of all gradients together. */
  readonly clipNorm?: number
  /** Decay of a moving average of the weights: `averages`. */
  readonly ema?: number
}

interface Slot {
  readonly name: string
  readonly parameter: Parameter
  states: ReadonlyMap<string, Value>
  average: Value | undefined
}

/**
 * Updates the parameters of a module by the gradients that `backward` left. As torch.optim: `zeroGrad`, `backward`, `step`.
 * @throws UsageError for a module without parameters
 */
export class ModuleOptimizer {
  rate: number
  readonly #optimizer: Optimizer
  readonly #options: TrainOptions
  readonly #slots: readonly Slot[]
  #steps = 0

  constructor(module: Module, optimizer: Optimizer, options: TrainOptions) {
    this.rate = options.rate
    this.#optimizer = optimizer
    this.#options = options
    this.#slots = [...module.parameters()].map(([name, parameter]) => ({
      name,
      parameter,
      states: this.#fresh(parameter),
      average: undefined,
    }))
    if (this.#slots.length === 0) throw new UsageError('This module has no parameters to train.')
  }

  zeroGrad(): void {
    for (const { parameter } of this.#slots) parameter.grad = undefined
  }

  /**
   * One update of every parameter that has a gradient, computed with all that it depends on in one run.
   * @param along tensors to compute in the same run, usually the loss
   * @throws DeviceError
   */
  async step(...along: readonly AnyTensor[]): Promise<void> {
    const trained = this.#slots.filter(({ parameter }) => parameter.requiresGrad && parameter.grad)
    const values = trained.length > 0 ? withoutGradients(() => this.#record(trained, ++this.#steps)) : []
    await computeWithParameters([...along.map(({ value }) => value), ...values])
  }

  /** The moving averages of the weights, or the weights where none is kept. */
  async averages(): Promise<Map<string, HostArray>> {
    const values = this.#slots.map(({ average, parameter }) => average ?? parameter.tensor.value)
    await computeWithParameters(values)
    return new Map(this.#slots.map(({ name }, i) => [name, values[i]?.array as HostArray]))
  }

  #fresh({ tensor }: Parameter): ReadonlyMap<string, Value> {
    const states = this.#optimizer.states(tensor.shape as readonly number[])
    return new Map([...states].map(([name, array]) => [name, given(array)]))
  }

  #record(slots: readonly Slot[], step: number): Value[] {
    const writer = new ValueWriter()
    const { weightDecay, groups = [], clipNorm, ema } = this.#options
    const settings = groupSettings(groups, weightDecay)
    const scalar = (value: number) => writer.name(given(hostArray('float32', [], [value])))
    const fed = this.#optimizer.scalars(step, this.rate).map(scalar)
    const scalars = new Map(this.#optimizer.scalarNames.map((name, i) => [name, fed[i] as string]))
    const raw = slots.map(({ parameter }) => writer.name((parameter.grad as AnyTensor).value))
    const gradients = clipNorm === undefined ? raw : clipByNorm(writer, raw, clipNorm).gradients
    const decay = ema === undefined ? undefined : scalar(emaDecay(step, ema))
    return slots.flatMap((slot, i) => {
      const { name, parameter, states, average } = slot
      const value = parameter.tensor.detach().value
      const result = this.#optimizer.update(writer, {
        ...{ parameter: writer.name(value), gradient: gradients[i] as string, scalars, ...settings(name) },
        states: new Map([...states].map(([key, state]) => [key, writer.name(state)])),
      })
      const next = writer.value(result.parameter)
      parameter.assign(next)
      slot.states = new Map([...result.states].map(([key, state]) => [key, writer.value(state)]))
      if (decay !== undefined) {
        const before = writer.name(average ?? value)
        slot.average = writer.value(movingAverage(writer, before, { weight: result.parameter, decay }))
      }
      return [next, ...slot.states.values(), ...(slot.average ? [slot.average] : [])]
    })
  }
}
