import { UsageError } from '../../core/errors'
import type { KnownDType } from '../../core/dtypes'
import { toTensor, fromTensor, type HostArray } from '../../core/host-array'
import type { Bytes } from '../../core/bytes'
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors/safetensors'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import type { Apply, Fitting, Guard, Shape, ShapeFunction } from '../tensor/shape-types'
import { computeWithParameters, Parameter } from './parameter'

/** 'weightIhL0' → 'weight_ih_l0', as PyTorch names it. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * A part of a network: its parameters and parts are its properties, also in arrays. Their names in state dicts are those
 * of the properties, in snake case: `body.0.weight`.
 */
export abstract class Module {
  /** Layers that behave otherwise in training look at it: `train`, `eval`. */
  isTraining = true

  /** Parts and parameters under names of their own. */
  protected readonly parts = new Map<string, Module | Parameter>()

  /** Layers in training: batch normalization takes the moments of the batch, dropout leaves out. */
  train(isTraining = true): this {
    for (const [, module] of this.modules()) module.isTraining = isTraining
    return this
  }
  /** Layers as they are used when training is over. */
  eval(): this {
    return this.train(false)
  }

  /** This module under '' and all parts, by name. */
  *modules(prefix = ''): Generator<readonly [string, Module]> {
    yield [prefix, this]
    for (const [name, part] of this.#own()) {
      if (part instanceof Module) yield* part.modules(prefix === '' ? name : `${prefix}.${name}`)
    }
  }

  /** Weights and buffers, by name; one that stands in two places is named once. */
  state(): Map<string, Parameter> {
    const found = new Map<string, Parameter>()
    const seen = new Set<Parameter>()
    for (const [prefix, module] of this.modules()) {
      for (const [name, part] of module.#own()) {
        if (!(part instanceof Parameter) || seen.has(part)) continue
        seen.add(part)
        found.set(prefix === '' ? name : `${prefix}.${name}`, part)
      }
    }
    return found
  }

  /** What is trained: `state` without buffers. */
  parameters(): Map<string, Parameter> {
    return new Map([...this.state()].filter(([, { isBuffer }]) => !isBuffer))
  }

  /** Copies of all weights and buffers. */
  async stateDict(): Promise<Map<string, HostArray>> {
    const state = this.state()
    await computeWithParameters([...state.values()].map(({ tensor }) => tensor.value))
    const copies = new Map<string, HostArray>()
    for (const [name, parameter] of state) {
      const array = await parameter.data()
      copies.set(name, { ...array, values: array.values.slice() })
    }
    return copies
  }

  /**
   * Takes weights and buffers by name.
   * @param isStrict whether every name must be on both sides
   * @throws UsageError for names that are missing or unknown, ShapeError for other shapes
   */
  loadStateDict(weights: ReadonlyMap<string, HostArray>, { isStrict = true } = {}): void {
    const state = this.state()
    const missing = [...state.keys()].filter((name) => !weights.has(name))
    const unknown = [...weights.keys()].filter((name) => !state.has(name))
    if (isStrict && missing.length + unknown.length > 0) {
      throw new UsageError(
        `The weights do not fit this module. Missing: ${missing.join(', ') || 'none'}. Unknown: ${unknown.join(', ') || 'none'}.`,
      )
    }
    for (const [name, array] of weights) state.get(name)?.assign({ ...array, values: array.values.slice() })
  }

  /** The state dict as a safetensors file. */
  async toSafetensors(): Promise<Bytes> {
    const weights = await this.stateDict()
    return encodeSafetensors(new Map([...weights].map(([name, array]) => [name, toTensor(array)])))
  }

  /** @throws FormatError for a damaged file, and as `loadStateDict` */
  loadSafetensors(bytes: Bytes, options: { readonly isStrict?: boolean } = {}): void {
    const { tensors } = decodeSafetensors(bytes)
    this.loadStateDict(new Map([...tensors].map(([name, tensor]) => [name, fromTensor(tensor)])), options)
  }

  zeroGrad(): void {
    for (const parameter of this.parameters().values()) parameter.grad = undefined
  }

  *#own(): Generator<readonly [string, Module | Parameter]> {
    for (const [name, value] of [...Object.entries(this), ...this.parts]) {
      if (value instanceof Module || value instanceof Parameter) yield [snakeCase(name), value]
      else if (Array.isArray(value)) {
        for (const [i, one] of value.entries()) {
          if (one instanceof Module || one instanceof Parameter) yield [`${snakeCase(name)}.${i}`, one]
        }
      }
    }
  }
}

/** A module of one input and one output, whose shapes the compiler follows. F: from shape to shape; D: what it takes. */
export abstract class Layer<F extends ShapeFunction = ShapeFunction, D extends KnownDType = 'float32'> extends Module {
  /** For the compiler only. */
  declare readonly shapes: F
  declare readonly takes: D

  /** @throws ShapeError for shapes that only show when it runs */
  forward<S extends Shape>(x: Tensor<S, D> & Guard<Apply<F, S>>): Tensor<Fitting<Apply<F, S>>> {
    return this.run(x) as never
  }

  /** `forward`, where shapes are not known to the compiler. */
  abstract run(x: AnyTensor): AnyTensor
}

/** A layer of any kind. */
export interface AnyLayer extends Module {
  readonly shapes: ShapeFunction
  readonly takes: KnownDType
  run(x: AnyTensor): AnyTensor
}
