import type { AnyTensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { record } from '../tensor/value'
import { normal } from './init'
import type { EmbeddingShape } from './layer-shapes'
import { Layer } from './module'
import { Parameter } from './parameter'

/** A learned vector for each of `count` things. As torch.nn.Embedding. */
export class Embedding<E extends number> extends Layer<EmbeddingShape<E>, 'int64'> {
  readonly weight: Parameter<[number, E]>

  constructor(count: number, features: E) {
    super()
    this.weight = new Parameter(normal([count, features]))
  }

  run(indices: AnyTensor): AnyTensor {
    return wrap(record('Gather', [this.weight.tensor.value, indices.value]))
  }
}
