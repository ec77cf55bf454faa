import { beforeAll, describe, expect, it } from 'vitest'
import { hostArray } from '../../core/host-array'
import { erf, sigmoid } from '../../testing/naive-kernels'
import { operand, runCall } from '../../testing/one-call'
import { wasmLevels } from '../../testing/wasm-machines'
import type { BinaryName, Expression, UnaryName } from '../kernel-calls'
import type { Machine } from '../machine'

const FLOAT = new Float32Array(1)
const BITS = new Int32Array(FLOAT.buffer)

const fromBits = (bits: number): number => {
  BITS[0] = bits
  return FLOAT[0] as number
}

/** Floats of every magnitude and both signs, evenly in their bits, with all that is special. */
const everywhere = (count: number): Float32Array<ArrayBuffer> => {
  const specials = [
    0,
    -0,
    1,
    -1,
    Infinity,
    -Infinity,
    NaN,
    fromBits(1),
    fromBits(0x007fffff),
    fromBits(0x00800000),
    88.7228,
  ]
  const many = Array.from({ length: count }, (_, i) => fromBits(Math.round((i * 2 ** 32) / count + i) | 0))
  return Float32Array.from([...specials, ...many])
}

/** Where functions are neither 0 nor infinite. */
const between = (low: number, high: number, count: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))

/** Distance from the true value in units of the last place of float32 there. */
function ulps(found: number, truth: number): number {
  const rounded = Math.fround(truth)
  if (Number.isNaN(truth) || !Number.isFinite(rounded)) return Object.is(found, rounded) ? 0 : Infinity
  // one unit beyond the largest number is infinity: a true value just below may round up to it
  if (!Number.isFinite(found)) return Math.abs(truth) > 3.40282e38 ? 1 : Infinity
  const unit = 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(truth) || 1e-45))) - 23)
  return Math.abs(found - truth) / unit
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

const UNARY: readonly [UnaryName, (x: number) => number, number][] = [
  ['exp', Math.exp, 1.3],
  ['log', Math.log, 1.2],
  ['tanh', Math.tanh, 2],
  ['sigmoid', sigmoid, 3],
  ['softplus', softplus, 3],
  ['erf', erf, 1.5],
  ['sin', Math.sin, 1.5],
  ['cos', Math.cos, 1.5],
  ['sqrt', Math.sqrt, 0.5],
  ['reciprocal', (x) => 1 / x, 0.5],
]

for (const { name, make } of wasmLevels) {
  describe(`functions with ${name}`, () => {
    let machine: Machine
    beforeAll(async () => (machine = await make()))

    const evaluate = async (expression: Expression, arrays: readonly Float32Array<ArrayBuffer>[]) => {
      const shape = [arrays[0]!.length]
      const inputs = arrays.map(() => operand(shape))
      const call = { kernel: 'map' as const, expression, inputs, output: operand(shape) }
      const feeds = new Map(inputs.map((one, i) => [one, { dtype: 'float32' as const, shape, values: arrays[i]! }]))
      return (await runCall(machine, call, feeds))[0]!.values as Float32Array
    }

    /** The largest error, and where it is. */
    const worst = (found: Float32Array, truth: (i: number) => number, at: (i: number) => string) => {
      const place = { error: 0, at: '', found: 0, truth: 0 }
      found.forEach((value, i) => {
        const error = ulps(value, truth(i))
        if (error > place.error) Object.assign(place, { error, at: at(i), found: value, truth: truth(i) })
      })
      return place
    }

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
      const found = await evaluate({ binary: 'pow', left: { input: 0 }, right: { input: 1 } }, [a, b])
      const result = worst(
        found,
        (i) => Math.pow(a[i] as number, b[i] as number),
        (i) => `${a[i]} ^ ${b[i]}`,
      )
      if (process.env['ULPS']) console.log('pow', result)
      expect(result.error, JSON.stringify(result)).toBeLessThanOrEqual(1)
    })

    it.each(['abs', 'neg', 'floor', 'ceil', 'round', 'sign', 'not', 'isNaN'] as const)('%s is exact', async (unary) => {
      const x = Float32Array.from([...everywhere(5000), ...between(-4, 4, 33)])
      const exact = {
        abs: Math.abs,
        neg: (v: number) => -v,
        floor: Math.floor,
        ceil: Math.ceil,
        round: (v: number) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v)),
        sign: Math.sign,
        not: (v: number) => Number(v === 0),
        isNaN: (v: number) => Number(Number.isNaN(v)),
      }[unary]
      const found = await evaluate({ unary, of: { input: 0 } }, [x])
      expect([...found].map((v) => v + 0)).toEqual([...x].map((v) => Math.fround(exact(v)) + 0))
    })

    it.each(['min', 'max', 'less', 'lessOrEqual', 'equal', 'add', 'sub', 'mul', 'div'] as const)(
      '%s is exact, NaN included',
      async (binary: BinaryName) => {
        const numbers = [0, 1, -1, 2.5, Infinity, -Infinity, NaN, fromBits(1), 3.4e38]
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
        const expected = hostArray(
          'float32',
          [a.length],
          [...a].map((x, i) => exact[binary]!(x, b[i] as number)),
        )
        expect([...found]).toEqual([...expected.values])
      },
    )
  })
}
