/** Nodes on the host: the operator's reference on arrays, checked as the interpreter does. */
import { assert } from '../../core/errors'
import { emptyArray, roundAll, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import type { Graph } from '../../graph/model'
import type { MaybeArray } from '../../ops/op'
import { checkInferred, inferOne } from '../interpret'
import { titleOf, viewOf, type BoundNode } from '../node-context'
import { seedOf } from '../seeds'

export type RunGraph = (graph: Graph, inputs: readonly HostArray[]) => Promise<readonly HostArray[]>

/**
 * @returns one array per output that has a name
 * @throws what the operator's rules throw
 */
export async function computeOnHost(
  bound: BoundNode,
  inputs: readonly MaybeArray[],
  seed: number,
  run?: RunGraph,
): Promise<readonly MaybeArray[]> {
  const { node, operator } = bound
  const view = viewOf(bound, () => inputs.map((input) => input?.shape))
  const expected = inferOne(bound, inputs)
  const results = await operator.reference(
    {
      ...view,
      empty: (dtype, shape) => emptyArray(dtype, shape),
      random: new Random(seedOf(bound, seed)),
      run(graph, given) {
        assert(run, `${titleOf(node)} runs a graph, and has none`)
        return run(graph, given)
      },
    },
    ...inputs,
  )
  return node.outputs.map((name, i) => {
    if (name === '') return undefined
    const result = results[i]
    assert(result, `${titleOf(node)} gave no output ${i}`)
    checkInferred(node, i, expected[i], result)
    return roundAll(result)
  })
}
