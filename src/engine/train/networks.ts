/** Small networks for tables and pictures, as models of ONNX operators with PyTorch's layouts and first weights. */
import { hostArray, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import { attribute, type Model } from '../../graph/model'
import type { ValueName } from '../../ops/gradient'
import { GraphBuilder } from '../build/graph-builder'

export interface MlpShape {
  readonly inputs: number
  /** Widths of hidden layers; [] is a linear model. */
  readonly layers: readonly number[]
  readonly outputs: number
  /** Share of values left out between hidden layers while training. */
  readonly dropout?: number
}

/** Of the input and the output of the networks made here. */
export const FEATURES = 'features'
export const LOGITS = 'logits'
/** Operators as they are since long, so that older runtimes run them. */
export const NETWORK_OPSET = 21

/** features [batch, inputs] → Linear, ReLU, … → logits [batch, outputs] */
export function mlp({ inputs, layers, outputs, dropout = 0 }: MlpShape, seed: number): Model {
  const builder = new GraphBuilder()
  const random = new Random(seed)
  const widths = [inputs, ...layers, outputs]
  let value = builder.input(FEATURES, { dtype: 'float32', shape: ['batch', inputs] })
  for (let i = 1; i < widths.length; i++) {
    const isLast = i === widths.length - 1
    const shape = { from: widths[i - 1] as number, to: widths[i] as number }
    value = linear(builder, value, { name: `layers.${i - 1}`, ...shape, random })
    if (!isLast) value = builder.add('Relu', [value])
    if (!isLast && dropout > 0) value = builder.add('Dropout', [value, builder.number(dropout)])
  }
  return asModel(builder, value)
}

export interface CnnShape {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly outputs: number
  /** Of the convolutions; each is followed by pooling that halves the picture. */
  readonly widths: readonly number[]
  readonly hidden: number
  readonly dropout?: number
}

/** features [batch, channels, height, width] → (Conv 3×3, ReLU, MaxPool 2×2)…, Linear, ReLU, Linear → logits */
export function cnn(shape: CnnShape, seed: number): Model {
  const { channels, height, width, outputs, widths, hidden, dropout = 0 } = shape
  const builder = new GraphBuilder()
  const random = new Random(seed)
  let value = builder.input(FEATURES, { dtype: 'float32', shape: ['batch', channels, height, width] })
  let from = channels
  let area = [height, width]
  widths.forEach((to, i) => {
    value = conv(builder, value, { name: `conv.${i}`, from, to, random })
    value = builder.add('MaxPool', [builder.add('Relu', [value])], POOL)
    from = to
    area = area.map((size) => Math.floor(size / 2))
  })
  value = builder.add('Flatten', [value])
  const flat = from * (area[0] as number) * (area[1] as number)
  value = builder.add('Relu', [linear(builder, value, { name: 'layers.0', from: flat, to: hidden, random })])
  if (dropout > 0) value = builder.add('Dropout', [value, builder.number(dropout)])
  return asModel(builder, linear(builder, value, { name: 'layers.1', from: hidden, to: outputs, random }))
}

const POOL = [attribute.ints('kernel_shape', [2, 2]), attribute.ints('strides', [2, 2])]

interface Layer {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly random: Random
}

/** y = x · Wᵀ + b */
function linear(builder: GraphBuilder, x: ValueName, { name, from, to, random }: Layer): ValueName {
  const weight = builder.initializer(`${name}.weight`, uniform([to, from], from, random))
  const bias = builder.initializer(`${name}.bias`, uniform([to], from, random))
  return builder.add('Gemm', [x, weight, bias], [attribute.int('transB', 1)])
}

function conv(builder: GraphBuilder, x: ValueName, { name, from, to, random }: Layer): ValueName {
  const weight = builder.initializer(`${name}.weight`, uniform([to, from, 3, 3], 9 * from, random))
  const bias = builder.initializer(`${name}.bias`, uniform([to], 9 * from, random))
  const kernel = [attribute.ints('kernel_shape', [3, 3]), attribute.ints('pads', [1, 1, 1, 1])]
  return builder.add('Conv', [x, weight, bias], kernel)
}

/** In ±1/√fanIn, as torch.nn.Linear and Conv2d begin. */
function uniform(shape: readonly number[], fanIn: number, random: Random): HostArray {
  const bound = 1 / Math.sqrt(fanIn)
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Float32Array.from({ length: count }, () => (2 * random.uniform() - 1) * bound),
  )
}

function asModel(builder: GraphBuilder, value: ValueName): Model {
  builder.graph.nodes.forEach((node) => {
    node.outputs = node.outputs.map((name) => (name === value ? LOGITS : name))
  })
  builder.graph.outputs.push({
    name: LOGITS,
    type: { kind: 'tensor', dtype: 'float32', shape: builder.type(value).shape ?? [] },
  })
  return {
    ...{ source: null, edits: 1, irVersion: 10, producerName: 'plume', producerVersion: '' },
    ...{ domain: '', modelVersion: 0n, docString: '', opsets: new Map([['', NETWORK_OPSET]]) },
    ...{ metadata: new Map(), graph: builder.graph, functions: [] },
  }
}
