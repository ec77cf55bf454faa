/** What tests of plans share: models, feeds, a machine that counts. Not part of the product. */
import { expect } from 'vitest'
import type { Constant, Machine } from '../backends/machine'
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import { Interpreter } from '../engine/interpret'
import { normalize } from '../engine/normalize'
import type { Explanation } from '../engine/plan/explain'
import { openEngine } from '../engine/session'
import type { Model } from '../graph/model'
import { buildModel, type ModelSpec } from './build-model'
import { planMachine } from './plan-machine'

export const model = (spec: Omit<ModelSpec, 'opset'>): Model => buildModel({ opset: 22, irVersion: 10, ...spec })

export function wave(shape: readonly number[], seed = 0): HostArray {
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'float32',
    shape,
    Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + seed) * 2.5 + 0.3),
  )
}

export const feedsOf = (arrays: Record<string, HostArray>) => new Map(Object.entries(arrays))

/** Runs twice, compares both with the interpreter, and says what was planned. */
export async function check(
  given: Model,
  arrays: Record<string, HostArray>,
  machine: Machine = planMachine,
): Promise<Explanation> {
  const feeds = feedsOf(arrays)
  const expected = await new Interpreter(await normalize(given)).run(feeds)
  const session = await openEngine(given, { machine })
  try {
    for (let round = 0; round < 2; round++) expectSame(await session.run(feeds), expected)
    return await session.explain(feeds)
  } finally {
    session.dispose()
  }
}

export function expectSame(found: ReadonlyMap<string, HostArray>, expected: ReadonlyMap<string, HostArray>): void {
  expect([...found.keys()]).toEqual([...expected.keys()])
  for (const [name, array] of expected) {
    const other = found.get(name)!
    expect({ name, dtype: other.dtype, shape: other.shape }).toEqual({ name, dtype: array.dtype, shape: array.shape })
    const [got, wanted] = [numbersOf(other), numbersOf(array)]
    for (let i = 0; i < wanted.length; i++) {
      const difference = Math.abs(got[i]! - wanted[i]!)
      if (!(difference <= 1e-5 + 1e-5 * Math.abs(wanted[i]!)) && !Object.is(got[i], wanted[i])) {
        expect.fail(`${name}[${i}] is ${got[i]}, expected ${wanted[i]}`)
      }
    }
  }
}

export const stepsOf = ({ stages }: Explanation) =>
  stages.flatMap(({ steps }) => steps.map(({ kernel, operators }) => `${kernel}: ${operators.join(' ')}`))

/** Notes which programs are loaded and how many are alive. */
export function counting() {
  const loads: Parameters<Awaited<ReturnType<Machine['open']>>['load']>[0][] = []
  const counts = { alive: 0 }
  const released: Constant[] = []
  const machine: Machine = {
    ...planMachine,
    async open() {
      const session = await planMachine.open()
      return {
        ...{ memoryBytes: 0, dispose: () => session.dispose() },
        write: (states) => session.write(states),
        read: (states) => session.read(states),
        release: (constants) => void released.push(...constants),
        async load(program) {
          loads.push(program)
          counts.alive++
          const loaded = await session.load(program)
          return {
            run: (...given) => loaded.run(...given),
            advance: (inputs) => loaded.advance(inputs),
            dispose: () => void counts.alive--,
          }
        },
      }
    },
  }
  return { machine, loads, counts, released }
}
