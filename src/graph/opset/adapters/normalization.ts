import { attribute, type Node } from '../../model'
import type { Value } from '../../edit'
import { LiftBlocked, type Adapter, type LiftContext } from '../lift-context'
import { shapeOf } from '../types-of'

/** BatchNormalization 9: statistics are always one per channel. */
export const batchNormSpatial: Adapter = (lift, node) => {
  if (lift.int(node, 'spatial', 1) !== 1) {
    throw new LiftBlocked('it normalises every position by itself (spatial = 0), which was removed')
  }
  if (!node.attributes.has('spatial')) return undefined
  lift.editor.removeAttribute(node, 'spatial')
  return 'spatial was dropped'
}

/** BatchNormalization 14: the five outputs of training became three, asked for by `training_mode`. */
export const batchNormTraining: Adapter = (lift, node) => {
  for (let i = 1; i < node.outputs.length; i++) {
    if (lift.editor.output(node, i)?.uses.size) throw new LiftBlocked('its training outputs are used, which changed')
  }
  if (node.outputs.length < 2) return undefined
  lift.editor.setOutputCount(node, 1)
  return 'unused training outputs were dropped'
}

/** GroupNormalization 21: scale and bias per channel [C], not per group [G]; each is repeated C / G times. */
export const groupNormPerChannel: Adapter = (lift, node) => {
  const groups = lift.int(node, 'num_groups', 0)
  const channels = shapeOf(lift.editor, lift.input(node))?.[1]
  if (groups < 1) throw new LiftBlocked('its attribute num_groups is missing')
  const [scale, bias] = [lift.input(node, 1), lift.input(node, 2)]
  const isKnown = typeof channels === 'number' && channels % groups === 0
  const shape = isKnown ? lift.ints(node, 'repeats', [groups, channels / groups]) : repeats(lift, node, groups)
  ;[scale, bias].forEach((value, i) => lift.editor.setInput(node, i + 1, repeat(lift, node, value, shape)))
  return 'scale and bias are repeated for every channel of a group'
}

/** [G, C / G] from the shape of the input. */
function repeats(lift: LiftContext, node: Node, groups: number): Value {
  const { editor } = lift
  const place = { before: node }
  const name = lift.output(node).name
  const add = (
    opType: string,
    inputs: Value[],
    suffix: string,
    attributes = [] as ReturnType<typeof attribute.int>[],
  ) => lift.output(editor.addNode({ opType, inputs, outputs: [`${name}_${suffix}`], attributes }, place))
  const span = [attribute.int('start', 1), attribute.int('end', 2)]
  const channels = add('Shape', [lift.input(node)], 'channels', span)
  const count = lift.ints(node, 'groups', [groups])
  const each = add('Div', [channels, count], 'channels_per_group')
  return add('Concat', [count, each], 'repeats', [attribute.int('axis', 0)])
}

/** [G] → [G, 1] → [G, C / G] → [C] */
function repeat(lift: LiftContext, node: Node, value: Value, shape: Value): Value {
  const { editor } = lift
  const place = { before: node }
  const axis = lift.ints(node, 'axis', [1])
  const column = editor.addNode(
    { opType: 'Unsqueeze', inputs: [value, axis], outputs: [`${value.name}_column`] },
    place,
  )
  const grid = editor.addNode(
    { opType: 'Expand', inputs: [lift.output(column), shape], outputs: [`${value.name}_grid`] },
    place,
  )
  const flat = lift.ints(node, 'flat', [-1])
  return lift.output(
    editor.addNode(
      { opType: 'Reshape', inputs: [lift.output(grid), flat], outputs: [`${value.name}_per_channel`] },
      place,
    ),
  )
}
