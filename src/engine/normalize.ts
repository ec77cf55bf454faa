import { UnsupportedError } from '../core/errors'
import { fromTensor, type HostArray } from '../core/host-array'
import type { Note } from '../core/progress'
import { loadTensor } from '../graph/constants'
import { bodies, cloneModel, type LazyTensor, type Model } from '../graph/model'
import { LAST_OPSET, liftOpset } from '../graph/opset'
import type { Operator } from '../ops/op'
import { composeOperators } from './compose'
import { inlineFunctions } from './inline-functions'

/** A copy of a model in the one form that the engine executes. */
export interface Normalized {
  /** Opset 25, functions inlined, composed operators taken apart, nodes in an order in which every value is made before it is read. */
  readonly model: Model
  /** Every tensor of the model (initializers and attributes), unpacked on first use and kept. */
  readonly loaded: (tensor: LazyTensor) => HostArray
  readonly notes: readonly Note[]
  /** Operators that stand in no list, by the types of their nodes. */
  readonly operators?: OwnOperators
}

export type OwnOperators = ReadonlyMap<string, Operator>

/**
 * Copies and normalizes a model (R1): lifts it to opset 25, inlines its functions, takes composed operators apart, loads its
 * tensors.
 * @throws UnsupportedError where a node blocks the lift or the model recurses; AbortError
 */
export async function normalize(model: Model, signal?: AbortSignal): Promise<Normalized> {
  const copy = cloneModel(model)
  const { blockedBy, notes } = await liftOpset(copy, LAST_OPSET, { isForEngine: true, ...(signal && { signal }) })
  const blocked = blockedBy[0]
  if (blocked) {
    throw new UnsupportedError(
      `The engine computes with opset ${LAST_OPSET}, and node ${blocked.node} (${blocked.opType}) cannot be lifted to opset ${blocked.opset}: ${blocked.why}`,
    )
  }
  inlineFunctions(copy)
  composeOperators(copy)
  return { model: copy, loaded: await loadAll(copy), notes }
}

async function loadAll(model: Model): Promise<Normalized['loaded']> {
  const packed = new Map<LazyTensor, Awaited<ReturnType<typeof loadTensor>>>()
  const load = async (tensor: LazyTensor) => {
    if (!packed.has(tensor)) packed.set(tensor, await loadTensor(tensor))
  }
  for (const body of bodies(model)) {
    if (body.kind === 'graph') for (const tensor of body.initializers.values()) await load(tensor)
    for (const node of body.nodes) {
      for (const attribute of node.attributes.values()) if (attribute.type === 'tensor') await load(attribute.value)
    }
  }
  const unpacked = new Map<LazyTensor, HostArray>()
  return (tensor) => {
    const known = unpacked.get(tensor)
    if (known) return known
    const found = packed.get(tensor)
    if (!found) throw new UnsupportedError(`The engine does not compute with ${tensor.dtype} (tensor ${tensor.name}).`)
    const array = fromTensor(found)
    unpacked.set(tensor, array)
    packed.delete(tensor)
    return array
  }
}
