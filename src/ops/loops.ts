/** What Loop and Scan have in common. */
import { isKnownDType } from '../core/dtypes'
import { emptyArray, type HostArray } from '../core/host-array'
import type { Graph } from '../graph/model'
import type { AttributeSchema } from './attributes'
import type { NodeView, ReferenceContext } from './op'
import { stackEntries } from './slabs'

/** A loop that reaches this many steps is taken for one without end: each step runs a graph. */
export const MOST_STEPS = 1_000_000

/** Runs the body once and checks that it hands on what it should. */
export async function runBody<S extends AttributeSchema>(
  context: ReferenceContext<S>,
  body: Graph,
  inputs: readonly HostArray[],
): Promise<HostArray[]> {
  if (body.inputs.length !== inputs.length) {
    context.fail(`its body takes ${body.inputs.length} inputs, and the node gives it ${inputs.length}`)
  }
  return [...(await context.run(body, inputs))]
}

/**
 * One scanned output: its entries along a new axis. Without a step there is only what the body declares.
 * @param dims of one entry as declared by the body
 */
export function gather<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail' | 'refuse'>,
  entries: readonly HostArray[],
  body: Graph,
  output: number,
  axis = 0,
): HostArray {
  const [first, ...others] = entries
  if (first) {
    const odd = others.find(({ shape }) => String(shape) !== String(first.shape))
    if (odd)
      context.fail(`one step gives the shape [${odd.shape.join(', ')}] where another gave [${first.shape.join(', ')}]`)
    const rank = first.shape.length + 1
    const place = axis < 0 ? axis + rank : axis
    if (place < 0 || place >= rank) context.fail(`scan axis ${axis} must lie in [${-rank}, ${rank - 1}]`)
    return stackEntries([first, ...others], place)
  }
  const type = body.outputs[output]?.type
  if (type?.kind !== 'tensor' || !isKnownDType(type.dtype)) context.refuse('no step and an output of unknown type')
  const dims = (type.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 0))
  const place = axis < 0 ? axis + dims.length + 1 : axis
  return emptyArray(type.dtype, [...dims.slice(0, place), 0, ...dims.slice(place)])
}
