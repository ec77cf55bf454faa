import { expect, test } from 'vitest'
import { elementCount } from '../../core/dtypes'
import { UnsupportedError } from '../../core/errors'
import { numbersOf } from '../../core/host-array'
import { findOperator } from '../../ops'
import { allCases } from '../../testing/all-cases'
import { feedsOfCase, modelOfCase, outputNames, type OperatorCase } from '../../testing/operator-cases'
import { normalize } from '../normalize'
import { assemble } from './assemble'
import kernels from '../../../build/wasm/deploy.wasm?url&inline'
import { moduleText } from './module-text'
import { importModule } from './module-kit'
import { programFor } from './program'

const SUPPORTED = ['Add', 'Gemm', 'MatMul', 'Conv', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'BatchNormalization']
  .concat(['Relu', 'Sigmoid', 'Tanh', 'Gelu', 'Erf', 'Softmax', 'LogSoftmax', 'LayerNormalization', 'QuantizeLinear'])
  .concat(['DequantizeLinear', 'Concat', 'Slice', 'Transpose', 'Pad', 'Where', 'IsNaN', 'Equal', 'OneHot', 'Gather'])
  .concat(['ReduceMean', 'ArgMax', 'Clip', 'Expand', 'Split', 'Reshape', 'Flatten'])

const isHeld = (value: number | bigint | string) =>
  !(Math.abs(Number(value)) > 2 ** 24 && Number.isFinite(Number(value)))

/** Cases that are about what modules do not promise. */
const LEFT_OUT = new Set([
  'MatMul int32 wraps', // sums above 2^24
  'com.microsoft:QLinearLeakyRelu int8, the slope that is assumed', // a tie that float64 in between turns the other way
])

/** The outputs of a model of one node, as a module computes them. */
async function run(one: OperatorCase): Promise<Map<string, readonly number[]>> {
  const normalized = await normalize(modelOfCase(one))
  const { graph } = normalized.model
  const feeds = feedsOfCase(one)
  const program = await programFor(normalized, new Map([...feeds].map(([name, { shape }]) => [name, shape])))
  const assembled = assemble([program], [1])
  const port = (name: string, address: number | undefined, shape: readonly number[]) => ({
    ...{ name, address, width: elementCount(shape), isText: false },
  })
  const text = moduleText({
    ...{ program: assembled, kernels: kernels.slice(kernels.indexOf(',') + 1), name: 'case', texts: new Map() },
    inputs: [
      ...graph.inputs.map(({ name }, i) => port(name, assembled.inputs[i], feeds.get(name)!.shape)),
      port('', 0, [0]),
    ],
    outputs: [
      ...graph.outputs.map(({ name }, i) => port(name, assembled.outputs[i], program.outputs[i]!.shape)),
      port('', 0, [0]),
    ],
    ...{ areProbabilities: false, isFixed: true },
  })
  const { predict } = await (await importModule(text)).load()
  const row = Object.fromEntries([...feeds].map(([name, array]) => [name, numbersOf(array)]))
  const [result] = predict([{ ...row, '': [] }]) as [Record<string, number | number[]>]
  return new Map(Object.entries(result).map(([name, value]) => [name, [value].flat()]))
}

test('operators compute what onnxruntime computes', { timeout: 120_000 }, async () => {
  const done = new Set<string>()
  const wrong: string[] = []
  for (const { one, frozen } of allCases()) {
    const expected = one.expected ?? frozen
    if (LEFT_OUT.has(`${one.operator} ${one.name}`)) continue
    if (one.error || one.check || !expected || expected.some(({ shape }) => shape.includes(0))) continue
    // every value is a float32
    if (![...expected, ...one.inputs].every((array) => array?.values.every(isHeld) ?? true)) continue
    let found
    try {
      found = await run(one)
    } catch (error) {
      if (error instanceof UnsupportedError || error?.constructor.name === 'ShapeError') continue
      wrong.push(`${one.operator} ${one.name}: ${String(error)}`)
      continue
    }
    const { absolute, relative } = findOperator('', one.operator)?.tolerance ?? { absolute: 1e-6, relative: 1e-5 }
    const isHalf = expected.some(({ dtype }) => dtype === 'float16' || dtype === 'bfloat16')
    outputNames(one)
      .filter(Boolean)
      .forEach((name, i) => {
        const numbers = found.get(name)!
        expected[i]!.values.forEach((wanted, k) => {
          const [value, target] = [numbers[k] as number, Number(wanted)]
          const room = Math.max(absolute, 1e-6) + Math.max(relative, isHalf ? 2 ** -7 : 1e-5) * Math.abs(target)
          const isClose = Object.is(value, target) || value === target || Math.abs(value - target) <= room
          if (!isClose && wrong.length < 50)
            wrong.push(`${one.operator} ${one.name}: ${name}[${k}] ${value} for ${target}`)
        })
      })
    done.add(one.operator)
  }
  expect(wrong).toEqual([])
  expect(SUPPORTED.filter((name) => !done.has(name))).toEqual([])
})
