import { ShapeError } from '../../core/errors'
import type { Node } from '../../graph/model'
import type { AttributeSchema } from '../../ops/attributes'
import type { GradientContext, ValueName } from '../../ops/gradient'
import type { GraphBuilder } from '../build/graph-builder'
import { titleOf, viewOf, type BoundNode } from '../node-context'

/** What is known on the way back of the node's outputs and inputs. */
export interface Flow {
  /** undefined: the scalar does not depend on this output. */
  gradient(output: number): ValueName | undefined
  /** Whether a gradient of this input is asked for. */
  needs(input: number): boolean
}

/** The context of one node's gradient rule. */
export function gradientContext(builder: GraphBuilder, bound: BoundNode, flow: Flow): GradientContext<AttributeSchema> {
  const { node } = bound
  const shapes = () => node.inputs.map((name) => (name === '' ? undefined : builder.type(name).shape))
  return {
    ...viewOf(bound, shapes),
    write: builder,
    has: (input) => (node.inputs[input] ?? '') !== '',
    needs: (input) => flow.needs(input),
    input: (index) => node.inputs[index] || missing(node, index),
    output: (index) => builder.addOutput(node, index),
    gradient: (output) => flow.gradient(output),
  }
}

function missing(node: Node, index: number): never {
  throw new ShapeError(`${titleOf(node)}: its gradient needs input ${index}, which the node does not have.`)
}
