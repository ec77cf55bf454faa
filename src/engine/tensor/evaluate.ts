import type { Machine } from '../../backends/machine'
import { ShapeError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import { GraphBuilder } from '../build/graph-builder'
import { modelOf } from '../build/model-of'
import { openEngine, type EngineSession } from '../session'
import { addProgram, keyOf, programOf, type Program } from './program'
import { loadedTensor, type Value } from './value'

interface Compiled {
  readonly session: EngineSession
  /** Names of the leaves that are fed, by their place; undefined for constants. */
  readonly feeds: readonly (string | undefined)[]
  readonly outputs: readonly string[]
}

/** Plans of the forms that were used last. */
const MOST_COMPILED = 32
const compiled = new Map<string, Promise<Compiled>>()
let machine: Machine | 'reference' = 'reference'

/** Where tensors are computed from now on; the reference, plain TypeScript, until one is given. */
export function useMachine(next: Machine | 'reference'): void {
  if (next === machine) return
  machine = next
  for (const key of [...compiled.keys()]) forget(key)
}
export const currentMachine = (): Machine | 'reference' => machine

function forget(key: string): void {
  const entry = compiled.get(key)
  compiled.delete(key)
  // a session that never opened has told whoever waited for it
  entry?.then(({ session }) => session.dispose()).catch(() => undefined)
}

/**
 * Computes values that are not there yet, in one run; what they do not need any more is forgotten.
 * @throws ShapeError for a placeholder without value, DeviceError
 */
export async function evaluate(values: readonly Value[]): Promise<void> {
  const missing = [...new Set(values)].filter(({ array }) => !array)
  if (missing.length === 0) return
  const program = programOf(missing, ({ array }) => array !== undefined)
  const empty = program.leaves.find(({ array }) => !array)
  if (empty)
    throw new ShapeError(`The input ${empty.name ?? 'of this graph'} has no value: it is a placeholder for exports.`)
  const key = keyOf(program, missing)
  const { session, feeds, outputs } = await compiledFor(key, program, missing)
  const given = new Map<string, HostArray>()
  program.leaves.forEach(({ array }, i) => {
    const name = feeds[i]
    if (name !== undefined && array) given.set(name, array)
  })
  const found = await session.run(given)
  missing.forEach((value, i) => {
    value.array = found.get(outputs[i] as string) as HostArray
    if (!value.requiresGrad) value.operation = undefined
  })
}

function compiledFor(key: string, program: Program, outputs: readonly Value[]): Promise<Compiled> {
  const known = compiled.get(key)
  const entry = known ?? compile(program, outputs)
  compiled.delete(key)
  compiled.set(key, entry)
  if (!known) {
    entry.catch(() => compiled.delete(key))
    const [oldest] = compiled.keys()
    if (compiled.size > MOST_COMPILED && oldest !== undefined) forget(oldest)
  }
  return entry
}

async function compile(program: Program, outputs: readonly Value[]): Promise<Compiled> {
  const builder = new GraphBuilder(undefined, loadedTensor)
  const feeds: (string | undefined)[] = []
  const names = addProgram(builder, program, (leaf) => {
    const baked = leaf.isConstant ? leaf.array : undefined
    const name = baked ? builder.constant(baked) : builder.input('data', leaf.type)
    feeds.push(baked ? undefined : name)
    return name
  })
  for (const value of outputs) builder.output(names.get(value) as string)
  const session = await openEngine(modelOf(builder.graph), { machine })
  return { session, feeds, outputs: outputs.map((value) => names.get(value) as string) }
}
