import type { Attribute, Body, Node, ValueType } from './model'
import type { Value } from './value-index'

/** What `GraphEditor.addNode` is given. */
export interface NodeSpec {
  opType: string
  domain?: string
  /** Tensor that the node's name is derived from; default: the first output's name. */
  name?: string
  /** null for an omitted optional input. */
  inputs: readonly (Value | null)[]
  /** Wished names; each is made unique. '' for an omitted optional output. */
  outputs: readonly string[]
  attributes?: readonly Attribute[]
}

/** `after` a value: directly after the node that makes it, or at the start of its body. */
export type Place = { before: Node } | { after: Value } | { startOf: Body } | { endOf: Body }

export interface InterposeSpec {
  opType: string
  domain?: string
  attributes?: readonly Attribute[]
  /** The new node's inputs after the value itself. */
  inputs?: readonly (Value | null)[]
  /** Appended to the value's name for the value that goes into the new node, e.g. '_float16'. */
  suffix: string
  /** Type of the value that goes into the new node. */
  type?: ValueType
}
