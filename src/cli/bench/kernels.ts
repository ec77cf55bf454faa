/** The models of one or few nodes that `plume bench` times. */
import { hostArray, toTensor, type HostArray } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import { Random } from '../../core/random'
import { attribute, tensorFromBytes, type Attribute, type LazyTensor, type Model, type Node } from '../../graph/model'

export interface Benchmark {
  readonly name: string
  readonly title: string
  readonly model: Model
  readonly feeds: ReadonlyMap<string, HostArray>
}

type Shape = readonly number[]

interface Parts {
  readonly inputs: Readonly<Record<string, Shape>>
  readonly weights?: Readonly<Record<string, LazyTensor>>
  readonly nodes: readonly Node[]
}

/** Groups of benchmarks, by the name that selects them. */
export const BENCHMARKS: Readonly<Record<string, () => readonly Benchmark[]>> = {
  gemm: () => [gemm(512, 512, 512), gemm(128, 1024, 1024), gemm(1, 1024, 1024)],
  conv: () => [
    conv('conv 3×3, 64 → 64, 56×56', { channels: 64, outputs: 64, size: 56, kernel: 3 }),
    conv('conv 1×1, 256 → 256, 28×28', { channels: 256, outputs: 256, size: 28, kernel: 1 }),
    conv('conv 7×7 by 2, 3 → 64, 224×224', { channels: 3, outputs: 64, size: 224, kernel: 7, stride: 2 }),
    conv('depthwise 3×3, 128, 56×56', { channels: 128, outputs: 128, size: 56, kernel: 3, groups: 128 }),
  ],
  elementwise: () => [
    made('elementwise', 'add, 16 Mi', { inputs: { x: [MEBI * 16], z: [MEBI * 16] }, nodes: [node('Add', 'x z', 'y')] }),
    made('elementwise', 'sigmoid, 1 Mi', { inputs: { x: [MEBI] }, nodes: [node('Sigmoid', 'x', 'y')] }),
    made('elementwise', 'x · sigmoid(x) + z, fused, 1 Mi', {
      inputs: { x: [MEBI], z: [MEBI] },
      nodes: [node('Sigmoid', 'x', 's'), node('Mul', 'x s', 'm'), node('Add', 'm z', 'y')],
    }),
  ],
  reduction: () => [
    made('reduction', 'sum of rows, 2048×2048', {
      inputs: { x: [2048, 2048] },
      weights: { axes: weight('axes', 'int64', [1], [1]) },
      nodes: [node('ReduceSum', 'x axes', 'y')],
    }),
    made('reduction', 'softmax, 512×1000', { inputs: { x: [512, 1000] }, nodes: [node('Softmax', 'x', 'y')] }),
  ],
  quantize: () => [
    made('quantize', 'float32 → int8, per channel, 64×16384', {
      inputs: { x: [64, 16384] },
      weights: { ...channelScales(64) },
      nodes: [node('QuantizeLinear', 'x scale zero', 'y', [attribute.int('axis', 0)])],
    }),
  ],
}

const MEBI = 2 ** 20

function gemm(m: number, k: number, n: number): Benchmark {
  return made('gemm', `gemm ${m}×${k} · ${k}×${n}`, {
    inputs: { x: [m, k] },
    weights: { w: randomWeight('w', [k, n]) },
    nodes: [node('MatMul', 'x w', 'y')],
  })
}

interface ConvSizes {
  readonly channels: number
  readonly outputs: number
  readonly size: number
  readonly kernel: number
  readonly stride?: number
  readonly groups?: number
}

function conv(title: string, { channels, outputs, size, kernel, stride = 1, groups = 1 }: ConvSizes): Benchmark {
  const pad = (kernel - 1) / 2
  return made('conv', title, {
    inputs: { x: [1, channels, size, size] },
    weights: { w: randomWeight('w', [outputs, channels / groups, kernel, kernel]), b: randomWeight('b', [outputs]) },
    nodes: [
      node('Conv', 'x w b', 'y', [
        attribute.ints('pads', [pad, pad, pad, pad]),
        attribute.ints('strides', [stride, stride]),
        attribute.int('group', groups),
      ]),
    ],
  })
}

function channelScales(channels: number): Record<string, LazyTensor> {
  const scales = Array.from({ length: channels }, (_, i) => 0.01 + 0.0005 * i)
  return {
    scale: weight('scale', 'float32', [channels], scales),
    zero: weight(
      'zero',
      'int8',
      [channels],
      scales.map((_, i) => (i % 7) - 3),
    ),
  }
}

function made(name: string, title: string, { inputs, weights = {}, nodes }: Parts): Benchmark {
  const shapes = Object.entries(inputs)
  const model: Model = {
    source: null,
    edits: 0,
    irVersion: 13,
    producerName: 'plume bench',
    producerVersion: '',
    domain: '',
    modelVersion: 0n,
    docString: '',
    opsets: new Map([['', 25]]),
    metadata: new Map(),
    functions: [],
    graph: {
      kind: 'graph',
      name: 'bench',
      nodes: [...nodes],
      inputs: shapes.map(([input, shape]) => ({ name: input, type: { kind: 'tensor', dtype: 'float32', shape } })),
      outputs: [{ name: 'y' }],
      valueInfo: new Map(),
      initializers: new Map(Object.entries(weights)),
      sparseInitializers: [],
    },
  }
  return { name, title, model, feeds: new Map(shapes.map(([input, shape], i) => [input, randomArray(shape, i)])) }
}

function node(opType: string, inputs: string, output: string, attributes: readonly Attribute[] = []): Node {
  return {
    name: output,
    opType,
    domain: '',
    inputs: inputs.split(' '),
    outputs: [output],
    attributes: new Map(attributes.map((one) => [one.name, one])),
  }
}

function randomArray(shape: Shape, seed: number): HostArray {
  const random = new Random(seed)
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
  for (let i = 0; i < values.length; i++) values[i] = 2 * random.uniform() - 1
  return { dtype: 'float32', shape, values }
}

const randomWeight = (name: string, shape: Shape): LazyTensor =>
  tensorFromBytes(name, 'float32', shape, toTensor(randomArray(shape, 7)).data)

function weight(name: string, dtype: KnownDType, shape: Shape, values: readonly number[]): LazyTensor {
  return tensorFromBytes(name, dtype, shape, toTensor(hostArray(dtype, shape, values)).data)
}
