/** Networks that predict the next character: classes of tokens [batch, TIME] as logits [batch · TIME, count]. */
import type { Model } from '../../../src/graph/model'
import { Embedding, LayerNorm, Linear, Lstm, Module, MultiHeadAttention, toModel } from '../../../src/engine/nn'
import { arange, input, manualSeed } from '../../../src/engine/tensor'
import type { AnyTensor, Tensor } from '../../../src/engine/tensor/tensor'

export const BATCH = 8
export const TIME = 32
const WIDTH = 48

class CharacterLstm extends Module {
  readonly embedding: Embedding<number>
  readonly lstm = new Lstm(WIDTH, 96)
  readonly head: Linear<number, number>
  readonly count: number

  constructor(count: number) {
    super()
    this.count = count
    this.embedding = new Embedding(count, WIDTH)
    this.head = new Linear(96, count)
  }

  run(tokens: AnyTensor): AnyTensor {
    return flat(this.head.run(this.lstm.run(this.embedding.run(tokens))), this.count)
  }
}

/** Normalization before attention and before the two dense layers, each with a way past it. */
class Block extends Module {
  readonly before = new LayerNorm(WIDTH)
  readonly attention = new MultiHeadAttention(WIDTH, 4, { isCausal: true })
  readonly between = new LayerNorm(WIDTH)
  readonly wide = new Linear(WIDTH, 4 * WIDTH)
  readonly narrow = new Linear(4 * WIDTH, WIDTH)

  run(x: Tensor): Tensor {
    const seen = x.add(this.attention.run(this.before.run(x)) as Tensor) as Tensor
    const wide = this.wide.run(this.between.run(seen)) as Tensor
    return seen.add(this.narrow.run(wide.gelu()) as Tensor) as Tensor
  }
}

class Transformer extends Module {
  readonly embedding: Embedding<number>
  readonly places = new Embedding(TIME, WIDTH)
  readonly blocks = [new Block(), new Block()]
  readonly last = new LayerNorm(WIDTH)
  readonly head: Linear<number, number>
  readonly count: number

  constructor(count: number) {
    super()
    this.count = count
    this.embedding = new Embedding(count, WIDTH)
    this.head = new Linear(WIDTH, count)
  }

  run(tokens: AnyTensor): AnyTensor {
    const places = this.places.run(arange(TIME, { dtype: 'int64' })) as Tensor
    let x = (this.embedding.run(tokens) as Tensor).add(places) as Tensor
    for (const block of this.blocks) x = block.run(x)
    return flat(this.head.run(this.last.run(x)), this.count)
  }
}

const flat = (logits: AnyTensor, count: number): AnyTensor => (logits as Tensor).reshape(BATCH * TIME, count)

const KINDS = { lstm: CharacterLstm, transformer: Transformer }
export type TextNetwork = keyof typeof KINDS

/** @param count of different characters */
export async function textNetwork(kind: TextNetwork, count: number): Promise<Model> {
  manualSeed(7)
  const module = new KINDS[kind](count)
  return toModel(module, [input('tokens', [BATCH, TIME], 'int64')], (tokens) => ({
    logits: module.run(tokens as AnyTensor),
  }))
}
