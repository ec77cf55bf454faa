import type { PairProduct, PairResult, PairSums } from '../../backends/pair-sums'
import { elementCount } from '../../core/dtypes'
import { numbersOf, type HostArray, type Values } from '../../core/host-array'
import { roundHalfEven } from '../../core/tensor'
import type { Dim } from '../../graph/model'
import { defineOperator, EXACT, notDifferentiable, onHost, type InferContext, type Operator } from '../../ops/op'
import { outputDims, windowsOf, type SpatialOptions } from '../../ops/spatial'
import { convColumns, planConv, rowColumns, type ConvPlan } from './columns'
import type { Geometry, IntegerLayer, PairCount } from './layer'

/** An operator that computes one layer, and what it has counted. */
export interface LayerOperator {
  readonly operator: Operator
  readonly count: () => PairCount
}

type Context = Pick<InferContext<Record<string, never>>, 'fail'>

const spatialOf = (geometry: Extract<Geometry, { kind: 'conv' }>): SpatialOptions => ({ ...geometry, isCeil: false })

/** Inputs: activations, their zero point, their scale; the last two only where the layer does not hold them. */
export function layerOperator(layer: IntegerLayer, sums: PairSums, type: string): LayerOperator {
  const products = new Products(layer, sums)
  const { outcome } = layer
  const operator = defineOperator({
    name: type,
    domain: 'plume',
    attributes: {},
    // those of the node that it took the place of; the others are left out
    inputs: [1, Infinity],
    infer: (context) => [{ dtype: outcome.kind, shape: shapeOf(context, layer, context.shape(0)) }],
    reference(context, x, zero, scale) {
      const shape = shapeOf(context, layer, x!.shape) as number[]
      const result = context.empty(outcome.kind, shape)
      const zeroPoint = layer.zeroPoint ?? (zero ? numbersOf(zero)[0]! : 0)
      const write = writerOf(layer, result.values, scale && numbersOf(scale)[0])
      products.run(context, x!, zeroPoint, write)
      return [result]
    },
    gradient: notDifferentiable('integers'),
    lower: onHost('the simulated processor has kernels of its own'),
    tolerance: EXACT,
  }) as unknown as Operator
  return { operator, count: () => products.count }
}

function shapeOf(
  context: Context,
  { geometry, outputs }: IntegerLayer,
  x: readonly Dim[] | undefined,
): Dim[] | undefined {
  if (!x) return undefined
  if (geometry.kind === 'matmul') return [...x.slice(0, -1), outputs]
  return [x[0]!, outputs, ...outputDims(context, x.slice(2), spatialOf(geometry))]
}

/** Takes a row of sums: output `o`, all of its places, from `first` on with a distance of `step` in the result. */
type Write = (output: number, sums: Int32Array, at: { first: number; step: number }) => void

class Products {
  readonly #layer: IntegerLayer
  /** One per group; a last row of ones gives the sums of activations that weights with a zero point need. */
  readonly #products: readonly PairProduct[]
  /** [outputs] Σ w over the depth. */
  readonly #weightSums: Int32Array
  readonly #hasZeros: boolean
  readonly #plans = new Map<string, ConvPlan>()
  #pairs = 0
  #saturated = 0

  constructor(layer: IntegerLayer, sums: PairSums) {
    const { weights, outputs, geometry, isExact, weightZero } = layer
    const depth = weights.length / outputs
    const groups = geometry.kind === 'conv' ? geometry.group : 1
    const each = outputs / groups
    this.#layer = layer
    this.#hasZeros = weightZero.some((zero) => zero !== 0)
    this.#weightSums = Int32Array.from({ length: outputs }, (_, o) =>
      weights.subarray(o * depth, (o + 1) * depth).reduce((sum, weight) => sum + weight, 0),
    )
    this.#products = Array.from({ length: groups }, (_, g) => {
      const own = weights.subarray(g * each * depth, (g + 1) * each * depth)
      const rows = this.#hasZeros ? Int16Array.from([...own, ...new Int16Array(depth).fill(1)]) : own
      return sums.load(rows, rows.length / depth, isExact)
    })
  }

  get count(): PairCount {
    return { node: this.#layer.name, pairs: this.#pairs, saturated: this.#saturated }
  }

  run(context: Context, x: HostArray, zero: number, write: Write): void {
    const flip = x.dtype === 'int8' ? 0x80 : 0
    const bytes = flip ? Uint8Array.from(x.values as Int8Array, (value) => value ^ flip) : (x.values as Uint8Array)
    // −128 … 127 as 0 … 255
    const raw = zero + flip
    const { geometry } = this.#layer
    if (geometry.kind === 'conv') return this.#convolve(context, { shape: x.shape, bytes }, raw, write)
    const { depth, outputs } = this.#products[0]!
    const result = this.#products[0]!.multiply(rowColumns(bytes, depth))
    this.#finish(result, { group: 0, places: bytes.length / depth, zero: raw }, (o, row) =>
      write(o, row, { first: o, step: outputs - Number(this.#hasZeros) }),
    )
  }

  #convolve(
    context: Context,
    { shape, bytes }: { shape: readonly number[]; bytes: Uint8Array },
    zero: number,
    write: Write,
  ): void {
    const [batch, channels, ...sizes] = shape as [number, number, ...number[]]
    const groups = this.#products.length
    const plan = this.#planOf(context, sizes, channels / groups)
    const [places, each] = [plan.starts.length, this.#layer.outputs / groups]
    const size = (channels / groups) * elementCount(sizes)
    for (let part = 0; part < batch * groups; part++) {
      const [n, group] = [Math.floor(part / groups), part % groups]
      const columns = convColumns(plan, bytes.subarray(part * size, (part + 1) * size), zero)
      const result = this.#products[group]!.multiply(columns)
      this.#finish(result, { group, places, zero }, (o, row) =>
        write(group * each + o, row, { first: (n * this.#layer.outputs + group * each + o) * places, step: 1 }),
      )
    }
  }

  #planOf(context: Context, sizes: readonly number[], channels: number): ConvPlan {
    const key = sizes.join()
    let plan = this.#plans.get(key)
    if (!plan) {
      const { geometry } = this.#layer
      plan = planConv(windowsOf(context, sizes, spatialOf(geometry as Extract<Geometry, { kind: 'conv' }>)), channels)
      this.#plans.set(key, plan)
    }
    return plan
  }

  /** Σ (a − za)(w − zw) + bias of each output from Σ a·w: − za·Σw − zw·Σa + depth·za·zw. */
  #finish(
    { sums, stride, saturated }: PairResult,
    { group, places, zero }: { group: number; places: number; zero: number },
    take: (output: number, row: Int32Array) => void,
  ): void {
    const { bias, weightZero } = this.#layer
    const { depth, outputs } = this.#products[0]!
    const each = outputs - Number(this.#hasZeros)
    const ones = this.#hasZeros ? sums.subarray(each * stride, each * stride + places) : undefined
    for (let i = 0; i < each; i++) {
      const o = group * each + i
      const row = sums.subarray(i * stride, i * stride + places)
      const zw = weightZero[o]!
      const constant = (bias?.[o] ?? 0) - zero * this.#weightSums[o]! + depth * zero * zw
      for (let p = 0; p < places; p++) row[p]! += constant - (ones ? zw * ones[p]! : 0)
      take(i, row)
    }
    this.#pairs += each * places * Math.ceil(depth / 2)
    this.#saturated += saturated
  }
}

function writerOf({ outcome, outputs }: IntegerLayer, values: Values, scale: number | undefined): Write {
  const out = values as Float32Array
  if (outcome.kind === 'int32')
    return (_, sums, { first, step }) => sums.forEach((sum, p) => (out[first + p * step] = sum))
  if (outcome.kind === 'float32') {
    const { weightScale, bias } = outcome
    const activationScale = outcome.activationScale ?? scale ?? 1
    const factors = Float32Array.from({ length: outputs }, (_, o) => activationScale * weightScale[o]!)
    return (o, sums, { first, step }) => {
      const [factor, add] = [factors[o]!, bias?.[o] ?? 0]
      for (let p = 0; p < sums.length; p++) out[first + p * step] = Math.fround(Math.fround(sums[p]!) * factor) + add
    }
  }
  const { multiplier, zeroPoint, kind } = outcome
  const [low, high] = kind === 'uint8' ? [-zeroPoint, 255 - zeroPoint] : [-128 - zeroPoint, 127 - zeroPoint]
  return (o, sums, { first, step }) => {
    const factor = multiplier[o]!
    for (let p = 0; p < sums.length; p++) {
      const value = Math.fround(Math.fround(sums[p]!) * factor)
      const kept = value < low ? low : value > high ? high : roundHalfEven(value)
      out[first + p * step] = kept + zeroPoint
    }
  }
}
