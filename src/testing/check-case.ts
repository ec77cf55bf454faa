import { numbersOf, type HostArray } from '../core/host-array'
import { findOperator } from '../ops'
import { FLOAT32, type Tolerance } from '../ops/op'
import type { TestMachine } from './planned'
import { feedsOfCase, modelOfCase, outputNames, type FrozenResults, type OperatorCase } from './operator-cases'

/** float16 and narrower floats are rounded after arithmetic in a wider type: one unit in the last place may differ. */
const UNITS: Partial<Record<string, number>> = {
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float8e4m3fn: 2 ** -3,
  float8e5m2: 2 ** -2,
  float8e4m3fnuz: 2 ** -3,
  float8e5m2fnuz: 2 ** -2,
}

type Expected = FrozenResults[string][number]

/**
 * Runs one case on one machine. The same body in Node and in a browser, so it needs no test framework.
 * @throws Error that says which element of which output differs, or that an error was not thrown
 */
export async function checkCase(
  machine: TestMachine,
  one: OperatorCase,
  frozen?: FrozenResults[string],
): Promise<void> {
  const running = machine.run(modelOfCase(one), feedsOfCase(one))
  if (one.error) return checkError(one.error, running)
  const expected = one.expected ?? frozen
  const outputs = await running
  if (one.check) {
    const problem = one.check(
      ...outputNames(one)
        .filter(Boolean)
        .map((output) => outputs.get(output)!),
    )
    if (problem !== undefined) throw new Error(problem)
    return
  }
  if (!expected) throw new Error('no expected values: run `node scripts/references/operators.mjs`')
  const [domain, name] = one.operator.includes(':') ? one.operator.split(':') : ['', one.operator]
  // an operator of older opsets only, e.g. Upsample, runs as another
  const tolerance = findOperator(domain ?? '', name ?? '')?.tolerance ?? FLOAT32
  outputNames(one)
    .filter(Boolean)
    .forEach((output, i) => checkArray(output, outputs.get(output), expected[i] as Expected, tolerance))
}

async function checkError(wanted: NonNullable<OperatorCase['error']>, running: Promise<unknown>): Promise<void> {
  const found = await running.then(
    () => null,
    (error: unknown) => error,
  )
  const { name, message } = found instanceof Error ? found : { name: 'no error', message: '' }
  const fits = typeof wanted.message === 'string' ? message.includes(wanted.message) : wanted.message.test(message)
  if (name !== wanted.name || !fits) {
    throw new Error(`expected ${wanted.name} "${String(wanted.message)}", found ${name} "${message}"`)
  }
}

function checkArray(name: string, found: HostArray | undefined, wanted: Expected, tolerance: Tolerance): void {
  if (!found) throw new Error(`output ${name} is missing`)
  const kind = (one: { dtype: string; shape: readonly number[] }) => `${one.dtype}[${one.shape.join(',')}]`
  if (kind(found) !== kind(wanted)) throw new Error(`${name} is ${kind(found)}, expected ${kind(wanted)}`)
  const isFloat = /^b?float/.test(wanted.dtype)
  const relative = tolerance.relative === 0 ? 0 : Math.max(tolerance.relative, UNITS[wanted.dtype] ?? 0)
  const numbers = numbersOf(found)
  wanted.values.forEach((target, i) => {
    const isClose = isFloat
      ? isNear(numbers[i] as number, Number(target), tolerance.absolute, relative)
      : String(found.values[i]) === String(target)
    if (!isClose) throw new Error(`${name}[${i}] of ${kind(found)} is ${found.values[i]}, expected ${String(target)}`)
  })
}

function isNear(value: number, target: number, absolute: number, relative: number): boolean {
  return (
    Object.is(value, target) || value === target || Math.abs(value - target) <= absolute + relative * Math.abs(target)
  )
}
