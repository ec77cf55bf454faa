import { UnsupportedError } from '../../core/errors'
import type { ValueName } from '../../ops/gradient'
import type { GraphBuilder } from '../build/graph-builder'

/**
 * Adds to a graph the nodes that compute the gradient of a scalar (reverse mode: one pass from the scalar back over the
 * nodes it depends on).
 * @param of a float scalar of the graph
 * @param wrt float values of the graph: parameters, inputs, or inner values
 * @returns the gradient's value for each of `wrt`, of its dtype and shape; zeros where the scalar does not depend on it
 * @throws UnsupportedError naming the node of an operator without derivative on the way; ShapeError where `of` is no scalar
 */
export function differentiate(
  builder: GraphBuilder,
  of: ValueName,
  wrt: readonly ValueName[],
): ReadonlyMap<ValueName, ValueName> {
  void builder
  throw new UnsupportedError(`The gradient of ${of} with respect to ${wrt.join(', ')} is not built yet.`)
}
