/** What tensors do: each method records one operation, or a few. */
import { dtypeToOnnx, type KnownDType } from '../../core/dtypes'
import { hostArray } from '../../core/host-array'
import { attribute, type Attribute, type Dim } from '../../graph/model'
import { indexed, ints, type Index } from './indexing'
import * as move from './movement'
import type { Size } from './shape-types'
import type { AnyTensor, Elementwise, Movement, Reductions, ReduceOptions, SpreadOptions, Tensor } from './tensor'
import { constant, record, recordMany, type Value } from './value'
import type { Shape } from './shape-types'

type Operand = number | AnyTensor
type Axes = number | readonly number[] | undefined
interface Self {
  readonly value: Value
}
type Method = (this: Self, ...given: never[]) => unknown
type Names =
  | keyof Elementwise<Shape, KnownDType>
  | keyof Reductions<Shape, KnownDType>
  | keyof Movement<Shape, KnownDType>
  | 'matmul'

/** A number of the same element type as another value. */
export const like = (value: Value, number: number): Value => constant(hostArray(value.type.dtype, [], [number]))
const operand = (self: Value, other: Operand): Value => (typeof other === 'number' ? like(self, other) : other.value)

const { int, float, string } = attribute

function reduced(opType: string, value: Value, axes: Axes, { keepDims = false }: ReduceOptions = {}): Value {
  const list = axes === undefined ? undefined : [axes].flat().map((axis) => move.axisOf(value, axis))
  return record(opType, [value, list && ints(list)], int('keepdims', keepDims ? 1 : 0))
}

function countOf(value: Value, axes: Axes): Value {
  const shape: readonly Dim[] = move.axesOf(value)
  const counted = axes === undefined ? shape : [axes].flat().map((axis) => shape[move.axisOf(value, axis)] as Dim)
  if (counted.every((size) => typeof size === 'number'))
    return like(
      value,
      counted.reduce((a, b) => a * b, 1),
    )
  const sizes = axes === undefined ? [value] : [record('Gather', [record('Shape', [value]), ints([axes].flat())])]
  const count = axes === undefined ? record('Size', sizes) : record('ReduceProd', sizes, int('keepdims', 0))
  return record('Cast', [count], int('to', dtypeToOnnx(value.type.dtype)))
}

function variance(value: Value, axes: Axes, { correction = 1, keepDims }: SpreadOptions = {}): Value {
  const centered = record('Sub', [value, reduced('ReduceMean', value, axes, { keepDims: true })])
  const squares = reduced('ReduceSumSquare', centered, axes, keepDims ? { keepDims } : {})
  return record('Div', [squares, record('Sub', [countOf(value, axes), like(value, correction)])])
}

/** @param wrap makes a tensor of a value */
export function methods(wrap: (value: Value) => AnyTensor) {
  const unary = (opType: string, ...attributes: Attribute[]) =>
    function (this: Self) {
      return wrap(record(opType, [this.value], ...attributes))
    }
  const binary = (opType: string) =>
    function (this: Self, other: Operand) {
      return wrap(record(opType, [this.value, operand(this.value, other)]))
    }
  const along = (opType: string) =>
    function (this: Self, axis = -1) {
      return wrap(record(opType, [this.value], int('axis', move.axisOf(this.value, axis))))
    }
  const reduce = (opType: string) =>
    function (this: Self, axes?: Axes, options?: ReduceOptions) {
      return wrap(reduced(opType, this.value, axes, options))
    }
  const search = (opType: string) =>
    function (this: Self, axis: number) {
      return wrap(record(opType, [this.value], int('axis', move.axisOf(this.value, axis)), int('keepdims', 0)))
    }
  const moved = <G extends unknown[]>(way: (value: Value, ...given: G) => Value) =>
    function (this: Self, ...args: G) {
      return wrap(way(this.value, ...args))
    }

  const elementwise = {
    ...{ add: binary('Add'), sub: binary('Sub'), mul: binary('Mul'), div: binary('Div'), pow: binary('Pow') },
    ...{ minimum: binary('Min'), maximum: binary('Max'), and: binary('And'), or: binary('Or'), not: unary('Not') },
    ...{ equal: binary('Equal'), less: binary('Less'), lessOrEqual: binary('LessOrEqual') },
    ...{ greater: binary('Greater'), greaterOrEqual: binary('GreaterOrEqual') },
    ...{ neg: unary('Neg'), abs: unary('Abs'), sign: unary('Sign'), sqrt: unary('Sqrt'), exp: unary('Exp') },
    ...{ log: unary('Log'), sin: unary('Sin'), cos: unary('Cos'), floor: unary('Floor'), ceil: unary('Ceil') },
    ...{ round: unary('Round'), erf: unary('Erf'), tanh: unary('Tanh'), sigmoid: unary('Sigmoid') },
    ...{ relu: unary('Relu'), silu: unary('Swish'), softplus: unary('Softplus'), isNaN: unary('IsNaN') },
    ...{ softmax: along('Softmax'), logSoftmax: along('LogSoftmax') },
    square: moved((x) => record('Mul', [x, x])),
    notEqual: moved((x, other: Operand) => record('Not', [record('Equal', [x, operand(x, other)])])),
    gelu: moved((x, way: 'none' | 'tanh' = 'none') => record('Gelu', [x], string('approximate', way))),
    leakyRelu: moved((x, slope: number = 0.01) => record('LeakyRelu', [x], float('alpha', slope))),
    elu: moved((x, alpha: number = 1) => record('Elu', [x], float('alpha', alpha))),
    clamp: moved((x, low: number, high: number) => record('Clip', [x, like(x, low), like(x, high)])),
    cumSum: moved((x, axis: number) => record('CumSum', [x, constant(hostArray('int64', [], [move.axisOf(x, axis)]))])),
    to: moved((x, dtype: KnownDType) => record('Cast', [x], int('to', dtypeToOnnx(dtype)))),
    where: moved((x, condition: AnyTensor, other: Operand) => record('Where', [condition.value, x, operand(x, other)])),
  }
  const reductions = {
    ...{ sum: reduce('ReduceSum'), mean: reduce('ReduceMean'), max: reduce('ReduceMax'), min: reduce('ReduceMin') },
    ...{ prod: reduce('ReduceProd'), logSumExp: reduce('ReduceLogSumExp'), norm: reduce('ReduceL2') },
    ...{ argMax: search('ArgMax'), argMin: search('ArgMin') },
    variance: moved(variance),
    deviation: moved((x, axes?: Axes, options?: SpreadOptions) => record('Sqrt', [variance(x, axes, options)])),
    topK(this: Self, count: number) {
      return recordMany('TopK', [this.value, ints([count])], { outputs: 2 }).map(wrap)
    },
  }
  const movement = {
    get T(): AnyTensor {
      return wrap(move.transpose((this as unknown as Self).value, -2, -1))
    },
    reshape: moved((x, ...shape: Size[]) => move.reshape(x, shape)),
    flatten: moved((x, first: number = 1, last: number = -1) => move.flatten(x, first, last)),
    permute: moved((x, ...order: number[]) => move.permute(x, order)),
    transpose: moved(move.transpose),
    squeeze: moved((x, axis: number) => record('Squeeze', [x, ints([move.axisOf(x, axis)])])),
    unsqueeze: moved((x, axis: number) => record('Unsqueeze', [x, ints([axis])])),
    expand: moved((x, ...shape: number[]) => record('Expand', [x, ints(shape)])),
    tile: moved((x, ...times: number[]) => record('Tile', [x, ints(times)])),
    flip: moved(move.flip),
    pad: moved((x, widths: readonly (readonly [number, number])[], fill: number = 0) => move.pad(x, widths, fill)),
    split(this: Self, sizes: readonly number[], axis = 0) {
      return move.split(this.value, sizes, axis).map(wrap)
    },
    tril: moved((x, diagonal: number = 0) => move.triangle(x, false, diagonal)),
    triu: moved((x, diagonal: number = 0) => move.triangle(x, true, diagonal)),
    at: moved((x, ...index: Index[]) => indexed(x, index)),
    indexSelect: moved((x, axis: number, { value }: AnyTensor) =>
      record('Gather', [x, value], int('axis', move.axisOf(x, axis))),
    ),
    gather: moved((x, axis: number, { value }: AnyTensor) =>
      record('GatherElements', [x, value], int('axis', move.axisOf(x, axis))),
    ),
    scatter: moved((x, axis: number, indices: AnyTensor, updates: AnyTensor, reduction: 'none' | 'add' = 'none') =>
      record(
        'ScatterElements',
        [x, indices.value, updates.value],
        int('axis', move.axisOf(x, axis)),
        string('reduction', reduction),
      ),
    ),
    asStrided: moved((x, shape: readonly number[], strides: readonly number[], offset: number = 0) =>
      move.strided(x, { shape, strides, offset }),
    ),
  }
  const all = { ...elementwise, ...reductions, matmul: binary('MatMul') } satisfies Record<
    Exclude<Names, keyof Movement<Shape, KnownDType>>,
    Method
  >
  // a getter is lost by spreading
  return Object.defineProperties(
    movement satisfies Record<keyof Tensor & keyof Movement<Shape, KnownDType>, unknown>,
    Object.getOwnPropertyDescriptors(all),
  )
}
