import { dtypeToOnnx } from '../../core/dtypes'
import { UsageError } from '../../core/errors'
import { hostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { constant, record } from '../tensor/value'
import { filled, uniform, xavier } from './init'
import type { FeatureShape } from './layer-shapes'
import { affine, Linear } from './linear'
import { Layer } from './module'
import { Parameter } from './parameter'

export interface AttentionOptions {
  readonly bias?: boolean
  /** Whether a position sees only those before it, and itself. */
  readonly isCausal?: boolean
}
export interface Attended {
  readonly key?: Tensor
  readonly value?: Tensor
  /** Added to the scores, e.g. −∞ where a position is not seen; it broadcasts to [batch, heads, queries, keys]. */
  readonly mask?: Tensor
}

/**
 * Several attentions side by side (Vaswani et al., arXiv:1706.03762v7, §3.2.2) over [batch, time, features]. As
 * torch.nn.MultiheadAttention with batch_first.
 * @throws UsageError where heads do not divide the features
 */
export class MultiHeadAttention<E extends number> extends Layer<FeatureShape<E>> {
  readonly inProjWeight: Parameter
  readonly inProjBias: Parameter | undefined
  readonly outProj: Linear<E, E>
  readonly #features: number
  readonly #heads: number
  readonly #isCausal: boolean

  constructor(features: E, heads: number, { bias = true, isCausal = false }: AttentionOptions = {}) {
    super()
    if (features % heads !== 0) throw new UsageError(`${features} features cannot be shared by ${heads} heads.`)
    this.#features = features
    this.#heads = heads
    this.#isCausal = isCausal
    this.inProjWeight = new Parameter(xavier([3 * features, features]))
    this.inProjBias = bias ? new Parameter(filled([3 * features], 0)) : undefined
    this.outProj = new Linear(features, features, { bias })
    this.outProj.weight.assign(uniform([features, features], 1 / Math.sqrt(features)))
    this.outProj.bias?.assign(filled([features], 0))
  }

  run(x: AnyTensor): AnyTensor {
    return this.attend(x as Tensor)
  }

  /** Queries look at keys and take of values; default: at themselves. */
  attend(query: Tensor, { key = query, value = key, mask }: Attended = {}): Tensor {
    const [q, k, v] = this.#projected(query, key, value).map((one) => this.#split(one)) as [Tensor, Tensor, Tensor]
    const scale = 1 / Math.sqrt(this.#features / this.#heads)
    const scores = q.mul(scale).matmul(k.permute(0, 1, 3, 2) as Tensor) as Tensor
    const masked = this.#isCausal ? causal(scores) : scores
    const seen = (mask ? masked.add(mask) : masked).softmax(-1)
    const together = (seen.matmul(v) as Tensor).permute(0, 2, 1, 3)
    const flat = together.reshape(0, 0, this.#features) as Tensor
    return this.outProj.run(flat) as Tensor
  }

  #projected(query: Tensor, key: Tensor, value: Tensor): readonly Tensor[] {
    const size = this.#features
    if (query === key && key === value) {
      return (affine(query, this.inProjWeight, this.inProjBias) as Tensor).split([size, size, size], -1)
    }
    const weights = (this.inProjWeight.tensor as Tensor).split([size, size, size])
    const biases = (this.inProjBias?.tensor as Tensor | undefined)?.split([size, size, size])
    return [query, key, value].map((x, i) => {
      const product = x.matmul((weights[i] as Tensor).T) as Tensor
      return biases ? (product.add(biases[i] as Tensor) as Tensor) : product
    })
  }

  /** [batch, time, features] → [batch, heads, time, features / heads] */
  #split(x: Tensor): Tensor {
    return x.reshape(0, 0, this.#heads, this.#features / this.#heads).permute(0, 2, 1, 3) as Tensor
  }
}

/** Scores [.., queries, keys] with −∞ above the diagonal; sizes may be open. */
function causal(scores: Tensor): Tensor {
  const one = constant(hostArray('float32', [], [1]))
  const ones = record('Expand', [one, record('Shape', [scores.value])])
  const lower = record('Trilu', [ones], attribute.int('upper', 0))
  const isSeen = record('Cast', [lower], attribute.int('to', dtypeToOnnx('bool')))
  return scores.where(wrap(isSeen), -Infinity) as Tensor
}
