import { attribute } from '../../graph/model'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import type { Shape } from '../tensor/shape-types'
import { wrap } from '../tensor/tensor-object'
import { record } from '../tensor/value'
import { uniform } from './init'
import type { LinearShape } from './layer-shapes'
import { Layer, Module } from './module'
import { Parameter } from './parameter'

export interface BiasOptions {
  readonly bias?: boolean
}

/** y = x·Wᵀ + b of the last axis. As torch.nn.Linear. */
export class Linear<I extends number, O extends number> extends Layer<LinearShape<I, O>> {
  readonly weight: Parameter<[O, I]>
  readonly bias: Parameter<[O]> | undefined

  constructor(inputs: I, outputs: O, { bias = true }: BiasOptions = {}) {
    super()
    const bound = 1 / Math.sqrt(inputs)
    this.weight = new Parameter(uniform([outputs, inputs], bound))
    this.bias = bias ? new Parameter(uniform([outputs], bound)) : undefined
  }

  run(x: AnyTensor): AnyTensor {
    return affine(x, this.weight, this.bias)
  }
}

/** x·Wᵀ + b */
export function affine(x: AnyTensor, weight: Parameter, bias?: Parameter): AnyTensor {
  const { value } = weight.tensor
  if (x.rank === 2) {
    return wrap(record('Gemm', [x.value, value, bias?.tensor.value], attribute.int('transB', 1)))
  }
  const product = record('MatMul', [x.value, weight.tensor.T.value])
  return wrap(bias ? record('Add', [product, bias.tensor.value]) : product)
}

/** y[o] = x₁ᵀ·W[o]·x₂ + b[o] of the last axes. As torch.nn.Bilinear. */
export class Bilinear<I extends number, J extends number, O extends number> extends Module {
  readonly weight: Parameter<[O, I, J]>
  readonly bias: Parameter<[O]> | undefined

  constructor([first, second]: readonly [I, J], outputs: O, { bias = true }: BiasOptions = {}) {
    super()
    const bound = 1 / Math.sqrt(first)
    this.weight = new Parameter(uniform([outputs, first, second], bound))
    this.bias = bias ? new Parameter(uniform([outputs], bound)) : undefined
  }

  forward<B extends number | string>(first: Tensor<[B, I]>, second: Tensor<[B, J]>): Tensor<[B, O]> {
    const inputs = [first.value, this.weight.tensor.value, second.value]
    const product: Tensor<Shape> = wrap(record('Einsum', inputs, attribute.string('equation', 'ni,oij,nj->no')))
    return (this.bias ? product.add(this.bias.tensor as Tensor) : product) as never
  }
}
