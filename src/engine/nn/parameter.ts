import { ShapeError } from '../../core/errors'
import { isFloat, type HostArray } from '../../core/host-array'
import { evaluate } from '../tensor/evaluate'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import type { Shape } from '../tensor/shape-types'
import { wrap } from '../tensor/tensor-object'
import { given, withoutGradients, type Value } from '../tensor/value'

/** Parameters that were given a tensor which is not computed yet. */
const pending = new Set<Parameter>()

/** What a layer keeps between runs: a weight that is trained, or a buffer that is not (running statistics). */
export class Parameter<S extends Shape = Shape> {
  readonly isBuffer: boolean
  #tensor: Tensor<S>

  constructor(array: HostArray, { isBuffer = false }: { readonly isBuffer?: boolean } = {}) {
    this.isBuffer = isBuffer
    this.#tensor = leaf(array, !isBuffer)
  }

  /** Its value; what is recorded with it stays as it is when it changes. */
  get tensor(): Tensor<S> {
    return this.#tensor
  }
  get grad(): Tensor<S> | undefined {
    return this.#tensor.grad
  }
  set grad(gradient: Tensor<S> | undefined) {
    this.#tensor.grad = gradient
  }
  /** Whether it is trained: set it to false to freeze it. */
  get requiresGrad(): boolean {
    return this.#tensor.requiresGrad
  }
  set requiresGrad(isTrained: boolean) {
    const { array } = this.#tensor.value
    if (!array) throw new ShapeError('This parameter is not computed yet: wait for the step before.')
    this.#tensor = leaf(array, isTrained)
  }

  /**
   * Another value of the same type. A tensor is computed with the next step, or when it is asked for.
   * @throws ShapeError for another dtype or shape
   */
  assign(next: HostArray | Tensor<S> | Value): void {
    const value = 'value' in next ? next.value : 'values' in next ? given(next) : next
    const { dtype, shape } = this.#tensor
    const isSame = value.type.dtype === dtype && String(value.type.shape) === String(shape)
    if (!isSame) {
      throw new ShapeError(
        `A parameter of ${dtype}[${shape.join(', ')}] cannot become ${value.type.dtype}[${String(value.type.shape)}].`,
      )
    }
    const isTrained = this.requiresGrad
    if (value.array) {
      this.#tensor = leaf(value.array, isTrained)
      pending.delete(this)
    } else {
      this.#tensor = wrap(value)
      this.#isTrainedAfter = isTrained
      pending.add(this)
    }
  }
  #isTrainedAfter = false

  /** What was recorded has been computed: from now on it is a value like any other. */
  settle(): void {
    const { array } = this.#tensor.value
    if (!pending.delete(this) || !array) return
    this.#tensor = leaf(array, this.#isTrainedAfter)
  }

  async data(): Promise<HostArray> {
    const array = await this.#tensor.data()
    this.settle()
    return array
  }
}

const leaf = <S extends Shape>(array: HostArray, requiresGrad: boolean): Tensor<S> =>
  wrap(given(array, { requiresGrad: requiresGrad && isFloat(array.dtype) }))

/** Computes values and, in the same run, every parameter that waits. */
export async function computeWithParameters(values: readonly Value[]): Promise<void> {
  const waiting = [...pending]
  await evaluate([...values, ...waiting.map(({ tensor }) => tensor.value)])
  for (const parameter of waiting) parameter.settle()
}

/** Changes a buffer by what `next` records of it, without gradient. */
export function updateBuffer(buffer: Parameter, next: (before: AnyTensor) => AnyTensor): void {
  buffer.assign(withoutGradients(() => next(buffer.tensor.detach())).value)
}
