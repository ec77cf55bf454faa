/** States as arrays of the host: for cuts that read them, and for graphs that end on the host. */
import type { MachineSession, State } from '../../backends/machine'
import { assert, ShapeError } from '../../core/errors'
import { roundAll, type HostArray } from '../../core/host-array'
import { operandDType } from './lower'
import type { Scope } from './scope'
import { retyped } from './segment'
import type { Stage } from './stages'
import type { Value, Values } from './trace'

/** A state of the engine, as plans see it. */
export const stateValue = (name: string, { dtype, shape }: Pick<HostArray, 'dtype' | 'shape'>): Value => ({
  ...{ name, dtype, shape, constant: undefined },
  state: { dtype: operandDType(dtype), shape },
})

export async function readStates(
  names: readonly string[],
  values: Values,
  session: MachineSession,
): Promise<ReadonlyMap<string, HostArray>> {
  const wanted = [...new Set(names)].map((name) => stateOf(name, values))
  if (wanted.length === 0) return new Map()
  const arrays = await session.read(wanted.map(({ state }) => state))
  return new Map(wanted.map(({ name, dtype }, i) => [name, roundAll(retyped(arrays[i] as HostArray, dtype))]))
}

/** @throws ShapeError where a state would get another type or size */
export async function writeStates({ updates, values }: Stage, scope: Scope, session: MachineSession): Promise<void> {
  const arrays = new Map<State, HostArray>()
  for (const [name, made] of updates) {
    const { state, dtype, shape } = stateOf(name, values)
    const array = scope.get(made)
    if (!array) throw new ShapeError(`The graph makes no value ${made}, which the state ${name} is to have.`)
    arrays.set(state, retyped(fitted(name, array, { dtype, shape }), state.dtype))
  }
  await session.write(arrays)
}

/** @throws ShapeError */
export function fitted(
  name: string,
  array: HostArray,
  { dtype, shape }: Pick<HostArray, 'dtype' | 'shape'>,
): HostArray {
  const describe = (one: Pick<HostArray, 'dtype' | 'shape'>) => `${one.dtype}[${one.shape.join(', ')}]`
  if (array.dtype !== dtype || array.shape.join() !== shape.join()) {
    throw new ShapeError(`The state ${name} is ${describe({ dtype, shape })}, and was to be given ${describe(array)}.`)
  }
  return array
}

function stateOf(name: string, values: Values): Value & { readonly state: State } {
  const value = values.get(name)
  assert(value?.state, `${name} is no state`)
  return { ...value, state: value.state }
}
