/**
 * Cases of operators: models of one node. `src/ops/<name>/<name>.cases.ts` declares them; expected values are given by
 * hand, or stand in `<name>.frozen.json`, written by `node scripts/references/operators.mjs` from onnxruntime-web.
 */
import type { DType } from '../core/dtypes'
import { hostArray, toTensor, type HostArray } from '../core/host-array'
import { tensorFromBytes, type Model } from '../graph/model'
import { buildModel, node, type AttributeLike } from './build-model'

export interface CaseInput {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly values: readonly (number | bigint)[]
  /** An initializer instead of an input: shapes that depend on it are then known. */
  readonly isConstant?: boolean
}

export interface OperatorCase {
  /** What is special about it: 'negative axis', 'a zero-sized dimension'. Unique within the file. */
  readonly name: string
  readonly operator: string
  /** Default 25. Older ones go through the version converter first. */
  readonly opset?: number
  readonly attributes?: Readonly<Record<string, AttributeLike>>
  /** null: omitted. */
  readonly inputs: readonly (CaseInput | null)[]
  /** Number of outputs, default 1; or which of them are wanted. */
  readonly outputs?: number | readonly boolean[]
  /** By hand, where onnxruntime-web cannot run it (say why) or where it is more telling. */
  readonly expected?: readonly CaseInput[]
  /** Instead of exact values, where they are random: undefined when the outputs are right, else what is wrong. */
  readonly check?: (...outputs: HostArray[]) => string | undefined
  /** Instead of results: the class and a part of the message. */
  readonly error?: { readonly name: string; readonly message: string | RegExp }
}

/** Frozen results by name of the case: dtype, shape, values (numbers as text where JSON has none: NaN, Infinity, bigints). */
export type FrozenResults = Readonly<
  Record<string, readonly { dtype: DType; shape: readonly number[]; values: readonly (number | string)[] }[]>
>

export const outputNames = (one: OperatorCase): string[] => {
  const wanted = one.outputs ?? 1
  const flags = typeof wanted === 'number' ? new Array<boolean>(wanted).fill(true) : wanted
  return flags.map((isWanted, i) => (isWanted ? `y${i}` : ''))
}

/** The model of one node, its declared output types left open. */
export function modelOfCase(one: OperatorCase): Model {
  const names = one.inputs.map((input, i) => (input ? `x${i}` : '~'))
  const given = one.inputs.flatMap((input, i) => (input ? [{ name: `x${i}`, ...input }] : []))
  const outputs = outputNames(one)
  const domain = one.operator.includes(':') ? one.operator.split(':')[0]! : ''
  const model = buildModel({
    opset: one.opset ?? 25,
    irVersion: 11,
    opsets: domain === '' ? {} : { [domain]: 1 },
    inputs: Object.fromEntries(
      given.filter(({ isConstant }) => !isConstant).map(({ name, dtype, shape }) => [name, [dtype, shape] as const]),
    ),
    outputs: {},
    nodes: [
      node(one.operator, names.join(' '), outputs.map((name) => name || '~').join(' '), one.attributes, 'tested'),
    ],
    initializers: Object.fromEntries(
      given
        .filter(({ isConstant }) => isConstant)
        .map(({ name, dtype, shape, values }) => {
          const { data } = toTensor(hostArray(dtype, shape, values))
          return [name, tensorFromBytes(name, dtype, shape, data)]
        }),
    ),
  })
  // onnxruntime infers the types of outputs that have none
  model.graph.outputs.push(...outputs.filter(Boolean).map((name) => ({ name })))
  return model
}

export const feedsOfCase = (one: OperatorCase): Map<string, HostArray> =>
  new Map(
    one.inputs.flatMap((input, i) =>
      input && !input.isConstant ? [[`x${i}`, hostArray(input.dtype, input.shape, input.values)] as const] : [],
    ),
  )

// Inputs in few words.

export const of = (dtype: DType, shape: readonly number[], values: readonly (number | bigint)[]): CaseInput => ({
  dtype,
  shape,
  values,
})
export const f32 = (shape: readonly number[], values: readonly number[]): CaseInput => ({
  dtype: 'float32',
  shape,
  values,
})
export const f64 = (shape: readonly number[], values: readonly number[]): CaseInput => ({
  dtype: 'float64',
  shape,
  values,
})
export const f16 = (shape: readonly number[], values: readonly number[]): CaseInput => ({
  dtype: 'float16',
  shape,
  values,
})
export const i64 = (shape: readonly number[], values: readonly (number | bigint)[]): CaseInput => ({
  dtype: 'int64',
  shape,
  values,
})
export const i32 = (shape: readonly number[], values: readonly number[]): CaseInput => ({
  dtype: 'int32',
  shape,
  values,
})
export const i8 = (shape: readonly number[], values: readonly number[]): CaseInput => ({ dtype: 'int8', shape, values })
export const u8 = (shape: readonly number[], values: readonly number[]): CaseInput => ({
  dtype: 'uint8',
  shape,
  values,
})
export const bool = (shape: readonly number[], values: readonly number[]): CaseInput => ({
  dtype: 'bool',
  shape,
  values,
})
/** As an initializer. */
export const constant = (input: CaseInput): CaseInput => ({ ...input, isConstant: true })

/** Values that all differ, asymmetric about zero, the same on every machine; about [-2, 3]. */
export function wave(shape: readonly number[], seed = 0): CaseInput {
  const count = shape.reduce((product, size) => product * size, 1)
  return f32(
    shape,
    Array.from({ length: count }, (_, i) =>
      Math.fround(Math.sin(i * 1.7 + seed) * 2.5 + 0.5 + ((i * 37) % 11) * 0.003),
    ),
  )
}

/** Bytes that all differ up to 256 of them, the extremes among them, the same on every machine. */
export function bytes(dtype: 'int8' | 'uint8', shape: readonly number[], seed = 0): CaseInput {
  const count = shape.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, (_, i) => (i === 1 ? 255 : (i * 97 + seed * 31) % 256))
  return dtype === 'uint8'
    ? u8(shape, values)
    : of(
        'int8',
        shape,
        values.map((value) => value - 128),
      )
}

/** What every function of one float should withstand. */
export function floatCases(operator: string, attributes: OperatorCase['attributes'] = {}): OperatorCase[] {
  const given = Object.keys(attributes).length > 0 ? { attributes } : {}
  const one = (name: string, input: CaseInput): OperatorCase => ({ name, operator, ...given, inputs: [input] })
  return [
    one('float32', wave([3, 7])),
    one('a scalar', f32([], [0.75])),
    one('a zero-sized dimension', f32([2, 0, 3], [])),
    one('infinities, NaN and zeros', f32([5], [Infinity, -Infinity, NaN, 0, -0])),
    {
      ...one('bool', of('bool', [2], [0, 1])),
      name: 'a type that it does not take',
      error: {
        name: 'UnsupportedError',
        message: `${operator} "tested": the engine does not compute it with bool inputs`,
      },
    },
  ]
}
