/** Attributes that became inputs: Clip, DFT, Dropout, Pad, Reduce…, Slice, Split, Squeeze, TopK, Unsqueeze, Upsample. */
import { attribute } from '../../model'
import { LiftBlocked, type Adapter } from '../lift-context'

/** Squeeze and ReduceSum at 13, the other Reduce operators at 18. */
export const axesToInput: Adapter = (lift, node) =>
  lift.intsToInput(node, 'axes', 1) ? 'axes became an input' : undefined

/** Unsqueeze 13: its axes are required, even when there are none. */
export const unsqueezeToInput: Adapter = (lift, node) => {
  const axes = lift.attribute(node, 'axes', 'ints')
  if (axes === undefined) throw new LiftBlocked('its attribute axes is missing')
  lift.editor.setInput(node, 1, lift.ints(node, 'axes', axes))
  lift.editor.removeAttribute(node, 'axes')
  return 'axes became an input'
}

export const splitToInput: Adapter = (lift, node) =>
  lift.intsToInput(node, 'split', 1) ? 'split became an input' : undefined

/** Split 18: equal parts must say how many there are. */
export const splitCount: Adapter = (lift, node) => {
  if (lift.editor.input(node, 1)) return undefined
  lift.editor.setAttribute(node, attribute.int('num_outputs', node.outputs.length))
  return 'num_outputs was added'
}

/** Slice 10. */
export const sliceToInputs: Adapter = (lift, node) => {
  const parts = ['starts', 'ends', 'axes'] as const
  for (const name of ['starts', 'ends'] as const) {
    if (lift.attribute(node, name, 'ints') === undefined) throw new LiftBlocked(`its attribute ${name} is missing`)
  }
  parts.forEach((name, i) => {
    const values = lift.attribute(node, name, 'ints')
    if (values === undefined) return
    lift.editor.setInput(node, i + 1, lift.ints(node, name, values))
    lift.editor.removeAttribute(node, name)
  })
  return 'starts, ends and axes became inputs'
}

/** Pad 11. */
export const padToInputs: Adapter = (lift, node) => {
  const pads = lift.attribute(node, 'pads', 'ints')
  if (pads === undefined) throw new LiftBlocked('its attribute pads is missing')
  const value = lift.float(node, 'value', 0)
  lift.editor.setInput(node, 1, lift.ints(node, 'pads', pads))
  if (value !== 0) lift.editor.setInput(node, 2, lift.floats(node, 'value', [value], { shape: [] }))
  lift.editor.removeAttribute(node, 'pads')
  lift.editor.removeAttribute(node, 'value')
  return 'pads and value became inputs'
}

/** Clip 11. */
export const clipToInputs: Adapter = (lift, node) => {
  const bounds = ['min', 'max'].filter((name) => node.attributes.has(name))
  for (const name of bounds) {
    const bound = lift.floats(node, name, [lift.float(node, name, 0)], { shape: [] })
    lift.editor.setInput(node, name === 'min' ? 1 : 2, bound)
    lift.editor.removeAttribute(node, name)
  }
  return bounds.length > 0 ? 'min and max became inputs' : undefined
}

/** TopK 10. */
export const topKToInput: Adapter = (lift, node) => {
  const k = lift.attribute(node, 'k', 'int')
  if (k === undefined) throw new LiftBlocked('its attribute k is missing')
  lift.editor.setInput(node, 1, lift.ints(node, 'k', [k]))
  lift.editor.removeAttribute(node, 'k')
  return 'k became an input'
}

/** Upsample 9. */
export const upsampleToInput: Adapter = (lift, node) => {
  const scales = lift.attribute(node, 'scales', 'floats')
  if (scales === undefined) throw new LiftBlocked('its attribute scales is missing')
  lift.editor.setInput(node, 1, lift.floats(node, 'scales', scales, { dtype: 'float32' }))
  lift.editor.removeAttribute(node, 'scales')
  return 'scales became an input'
}

/** Dropout 10: the mask turns from numbers to booleans. */
export const dropoutMask: Adapter = (lift, node) => {
  const mask = lift.editor.output(node, 1)
  if (mask && mask.uses.size > 0) throw new LiftBlocked('its mask is used, whose type and meaning changed')
  if (node.outputs.length < 2) return undefined
  lift.editor.setOutputCount(node, 1)
  return 'the unused mask was dropped'
}

/** Dropout 12. It hands its input on unless `training_mode` is given, as it did before at inference. */
export const dropoutToInputs: Adapter = (lift, node) => {
  const mask = lift.editor.output(node, 1)
  if (mask && mask.uses.size > 0) throw new LiftBlocked('its mask is used, whose meaning changed')
  if (!node.attributes.has('ratio')) return undefined
  const ratio = lift.float(node, 'ratio', 0.5)
  lift.editor.setInput(node, 1, lift.floats(node, 'ratio', [ratio], { shape: [], dtype: 'float32' }))
  lift.editor.removeAttribute(node, 'ratio')
  return 'ratio became an input'
}

/** DFT 20: the axis was 1 where none was given, and is the last but one from here on. */
export const dftAxis: Adapter = (lift, node) => {
  const axis = lift.int(node, 'axis', 1)
  lift.editor.setInput(node, 2, lift.ints(node, 'axis', [axis], []))
  lift.editor.removeAttribute(node, 'axis')
  return 'axis became an input'
}
