import { beforeAll, describe, expect, it } from 'vitest'
import { erf, roundHalfEven, sigmoid } from '../../testing/naive-kernels'
import { operand, runCall } from '../../testing/one-call'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { BinaryName, Expression, UnaryName } from '../kernel-calls'
import type { Machine } from '../machine'

let machine: Machine
beforeAll(async () => (machine = await webgpuMachine()))

const LEAST_NORMAL = 2 ** -126
/** A device may take denormals for 0, so functions keep their bounds for normal numbers only. */
const isDenormal = (x: number): boolean => x !== 0 && Math.abs(x) < LEAST_NORMAL

/** Floats of every magnitude and both signs, evenly in their bits, with all that is special. */
function everywhere(count: number): number[] {
  const bits = Uint32Array.from({ length: count }, (_, i) => Math.round((i * 2 ** 32) / count + i))
  const specials = [0, -0, 1, -1, Infinity, -Infinity, NaN, 88.7228, LEAST_NORMAL]
  return [...specials, ...new Float32Array(bits.buffer)].filter((x) => !isDenormal(x))
}

/** Where functions are neither 0 nor infinite. */
const between = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))

/** Distance from the true value in units of the last place of float32 there; nothing where a device made 0 of a denormal. */
function ulps(found: number, truth: number): number {
  const rounded = Math.fround(truth)
  if (Number.isNaN(truth) || !Number.isFinite(rounded)) return Object.is(found, rounded) ? 0 : Infinity
  // one unit beyond the largest number is infinity: a true value just below may round up to it
  if (!Number.isFinite(found)) return Math.abs(truth) > 3.40282e38 ? 1 : Infinity
  const error = Math.abs(found - truth)
  if (error <= 2 * LEAST_NORMAL) return 0
  return error / 2 ** (Math.floor(Math.log2(Math.abs(truth))) - 23)
}

const UNARY: readonly [UnaryName, (x: number) => number, number][] = [
  ['exp', Math.exp, 1.3],
  ['log', Math.log, 1.2],
  ['tanh', Math.tanh, 2],
  ['sigmoid', sigmoid, 3],
  ['softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 3],
  ['erf', erf, 2],
  ['sin', Math.sin, 3],
  ['cos', Math.cos, 3],
  ['sqrt', Math.sqrt, 3],
  ['reciprocal', (x) => 1 / x, 2.5],
]

async function evaluate(expression: Expression, arrays: readonly Float32Array<ArrayBuffer>[]): Promise<Float32Array> {
  const shape = [arrays[0]!.length]
  const inputs = arrays.map(() => operand(shape))
  const call = { kernel: 'map' as const, expression, inputs, output: operand(shape) }
  const feeds = new Map(inputs.map((one, i) => [one, { dtype: 'float32' as const, shape, values: arrays[i]! }]))
  return (await runCall(machine, call, feeds))[0]!.values as Float32Array
}

function worst(found: Float32Array, truth: (i: number) => number, at: (i: number) => string) {
  const place = { error: 0, at: '', found: 0, truth: 0 }
  found.forEach((value, i) => {
    const error = ulps(value, truth(i))
    if (error > place.error) Object.assign(place, { error, at: at(i), found: value, truth: truth(i) })
  })
  return place
}

describe('functions on WebGPU', () => {
  it.each(UNARY)('%s keeps its error bound everywhere', async (unary, f, bound) => {
    const x = Float32Array.from([...everywhere(60_000), ...between(-20, 20, 40_001), ...between(-104, 89, 20_001)])
    const found = await evaluate({ unary, of: { input: 0 } }, [x])
    const result = worst(
      found,
      (i) => f(x[i] as number),
      (i) => `${unary}(${x[i]})`,
    )
    if (process.env['ULPS']) console.log(unary, result)
    expect(result.error, JSON.stringify(result)).toBeLessThanOrEqual(bound)
  })

  it('pow keeps its error bound and its special cases', async () => {
    const bases = [...everywhere(300), ...between(-6, 6, 25), ...between(0.9, 1.1, 50)]
    const powers = [...everywhere(60), ...between(-8, 8, 33), ...between(-90, 90, 77)]
    const a = Float32Array.from(bases.flatMap((base) => powers.map(() => base)))
    const b = Float32Array.from(bases.flatMap(() => powers))
    // as C and NumPy have it, 1 to any power is 1
    const power = (x: number, y: number) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y)
    const found = await evaluate({ binary: 'pow', left: { input: 0 }, right: { input: 1 } }, [a, b])
    const result = worst(
      found,
      (i) => power(a[i] as number, b[i] as number),
      (i) => `${a[i]} ^ ${b[i]}`,
    )
    if (process.env['ULPS']) console.log('pow', result)
    expect(result.error, JSON.stringify(result)).toBeLessThanOrEqual(2)
  })

  it.each(['abs', 'neg', 'floor', 'ceil', 'round', 'sign', 'not', 'isNaN'] as const)('%s is exact', async (unary) => {
    const x = Float32Array.from([...everywhere(5000), ...between(-4, 4, 33)])
    const exact = {
      abs: Math.abs,
      neg: (v: number) => -v,
      floor: Math.floor,
      ceil: Math.ceil,
      round: roundHalfEven,
      sign: Math.sign,
      not: (v: number) => Number(v === 0),
      isNaN: (v: number) => Number(Number.isNaN(v)),
    }[unary]
    const found = await evaluate({ unary, of: { input: 0 } }, [x])
    expect([...found].map((v) => v + 0)).toEqual(
      [...x].map((v) => (Number.isFinite(v) ? exact(v) : special(exact, v)) + 0),
    )
  })

  it.each(['min', 'max', 'less', 'lessOrEqual', 'equal', 'add', 'sub', 'mul', 'div'] as const)(
    '%s is exact, NaN included; quotients nearly',
    async (binary: BinaryName) => {
      const numbers = [0, 1, -1, 2.5, Infinity, -Infinity, NaN, 1e30]
      const a = Float32Array.from(numbers.flatMap((x) => numbers.map(() => x)))
      const b = Float32Array.from(numbers.flatMap(() => numbers))
      const exact: Record<string, (x: number, y: number) => number> = {
        min: Math.min,
        max: Math.max,
        less: (x, y) => Number(x < y),
        lessOrEqual: (x, y) => Number(x <= y),
        equal: (x, y) => Number(x === y),
        add: (x, y) => x + y,
        sub: (x, y) => x - y,
        mul: (x, y) => x * y,
        div: (x, y) => x / y,
      }
      const found = await evaluate({ binary, left: { input: 0 }, right: { input: 1 } }, [a, b])
      const errors = [...found].map((v, i) => ulps(v + 0, exact[binary]!(a[i]!, b[i]!) + 0))
      // WGSL lets a quotient be off by 2.5 units; sums and products are rounded once
      expect(Math.max(...errors)).toBeLessThanOrEqual(binary === 'div' ? 2.5 : 0.5)
    },
  )
})

/** roundHalfEven is for finite numbers; the others are themselves under rounding. */
const special = (exact: (v: number) => number, v: number): number => (exact === roundHalfEven ? v : exact(v))
