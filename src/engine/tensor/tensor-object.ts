import { elementCount, type KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import { numbersOf, type HostArray } from '../../core/host-array'
import { gradientsOf, leavesOf, type GradientOptions } from './autograd'
import { evaluate } from './evaluate'
import { methods } from './methods'
import { axesOf } from './movement'
import type { Size } from './shape-types'
import type { AnyTensor, Numbers } from './tensor'
import { given, record, withoutGradients, type Value } from './value'

/** A value as a tensor. Its methods are typed in `tensor.ts`, where shapes are known. */
export function wrap<T = AnyTensor>(value: Value): T {
  return new TensorObject(value) as unknown as T
}

class TensorObject {
  readonly value: Value
  grad: AnyTensor | undefined = undefined

  constructor(value: Value) {
    const collects = value.requiresGrad && !value.operation
    this.value = collects ? { ...value, onGradient: (gradient) => this.#collect(gradient) } : value
  }

  get shape(): readonly Size[] {
    return axesOf(this.value).map((size) => size ?? '?')
  }
  get dtype(): KnownDType {
    return this.value.type.dtype
  }
  get rank(): number {
    return axesOf(this.value).length
  }
  get size(): number {
    return elementCount(this.shape.map(Number))
  }
  get strides(): readonly number[] {
    return this.shape.map((_, axis) => elementCount(this.shape.slice(axis + 1).map(Number)))
  }
  get requiresGrad(): boolean {
    return this.value.requiresGrad
  }

  backward(options: GradientOptions = {}): void {
    const leaves = leavesOf(this.value)
    const gradients = gradientsOf(this.value, leaves, options)
    leaves.forEach((leaf, i) => leaf.onGradient?.(gradients[i] as Value))
  }

  detach(): AnyTensor {
    const { array } = this.value
    return wrap(array ? given(array) : withoutGradients(() => record('Identity', [this.value])))
  }

  async data(): Promise<HostArray> {
    await evaluate([this.value])
    return this.value.array as HostArray
  }

  async item(): Promise<number> {
    const numbers = numbersOf(await this.data())
    if (numbers.length === 1) return numbers[0] as number
    throw new ShapeError(`item() is for one element, and this tensor has ${numbers.length}.`)
  }

  async toList(): Promise<Numbers> {
    const array = await this.data()
    return nested([...numbersOf(array)], array.shape)
  }

  #collect(gradient: Value): void {
    this.grad = wrap(this.grad ? record('Add', [this.grad.value, gradient]) : gradient)
  }
}
Object.defineProperties(TensorObject.prototype, Object.getOwnPropertyDescriptors(methods(wrap)))

function nested(numbers: readonly number[], shape: readonly number[]): Numbers {
  const [size, ...inner] = shape
  if (size === undefined) return numbers[0] as number
  const length = elementCount(inner)
  return Array.from({ length: size }, (_, i) => nested(numbers.slice(i * length, (i + 1) * length), inner))
}
