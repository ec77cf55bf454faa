/** Upsample and Resize. */
import { asNumbers } from '../../../core/tensor'
import { attribute, tensorFromBytes, type Node } from '../../model'
import { LiftBlocked, type Adapter, type LiftContext } from '../lift-context'

/** Upsample 10: its successor had the same inputs and meaning in its first version. */
export const upsampleToResize: Adapter = (lift, node) => {
  lift.editor.setOperator(node, 'Resize')
  lift.onlyEnlarging.add(node)
  return 'became Resize'
}

/**
 * Resize 11: coordinates were always `asymmetric` (x_in = x_out / scale). Nearest took the pixel below when enlarging;
 * when shrinking onnxruntime takes the one above, which no text specifies, so constant scales must tell which it is.
 */
export const resizeCoordinates: Adapter = async (lift, node) => {
  const scales = lift.input(node, 1)
  const mode = lift.text(node, 'mode', 'nearest')
  const rounding = mode === 'nearest' ? await nearestMode(lift, node) : undefined
  const { editor } = lift
  editor.setInput(node, 1, lift.constant(node, 'roi', tensorFromBytes('', 'float32', [0], new Uint8Array(0))))
  editor.setInput(node, 2, scales)
  editor.setAttribute(node, attribute.string('coordinate_transformation_mode', 'asymmetric'))
  if (rounding) editor.setAttribute(node, attribute.string('nearest_mode', rounding))
  return 'its asymmetric coordinates are spelled out'
}

async function nearestMode(lift: LiftContext, node: Node): Promise<'floor' | 'ceil'> {
  if (lift.onlyEnlarging.has(node)) return 'floor'
  const tensor = lift.editor.constant(lift.editor.input(node, 1))
  if (!tensor || tensor.dtype !== 'float32') {
    throw new LiftBlocked('its scales are computed, and rounding depends on whether they enlarge or shrink')
  }
  const data = await tensor.data.read(0, tensor.data.sizeBytes)
  const scales = asNumbers({ dtype: tensor.dtype, shape: tensor.shape, data })
  if (scales.every((scale) => scale >= 1)) return 'floor'
  if (scales.every((scale) => scale <= 1)) return 'ceil'
  throw new LiftBlocked('it enlarges one axis and shrinks another, which round differently')
}

/**
 * Resize 13 has no `tf_half_pixel_for_nn` any more, and takes either scales or sizes. Up to 12, scales had to be given;
 * exporters give an empty tensor beside sizes.
 */
export const resizeModes: Adapter = (lift, node) => {
  if (lift.text(node, 'coordinate_transformation_mode', '') === 'tf_half_pixel_for_nn') {
    throw new LiftBlocked('coordinate_transformation_mode tf_half_pixel_for_nn was removed')
  }
  const [scales, sizes] = [lift.editor.input(node, 2), lift.editor.input(node, 3)]
  if (!scales || !sizes) return undefined
  const type = lift.editor.typeOf(scales)
  const shape = lift.editor.constant(scales)?.shape ?? (type?.kind === 'tensor' ? type.shape : undefined)
  if (!shape?.includes(0)) throw new LiftBlocked('it has both scales and sizes, of which one must go')
  lift.editor.setInput(node, 2, null)
  return 'its empty scales were left out'
}

/** RoiAlign 16: the default became `half_pixel`. */
export const roiAlignCoordinates: Adapter = (lift, node) => {
  lift.editor.setAttribute(node, attribute.string('coordinate_transformation_mode', 'output_half_pixel'))
  return 'its coordinates are spelled out'
}

/** GridSample 20 renamed its modes when it learnt more than two spatial axes. */
export const gridSampleModes: Adapter = (lift, node) => {
  const name = { bilinear: 'linear', bicubic: 'cubic' }[lift.text(node, 'mode', 'bilinear')]
  if (!name || !node.attributes.has('mode')) return undefined
  lift.editor.setAttribute(node, attribute.string('mode', name))
  return `mode is called ${name}`
}
