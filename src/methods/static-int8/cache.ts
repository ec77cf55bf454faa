import { UnsupportedError } from '../../core/errors'
import type { GraphEditor, Value } from '../../graph/edit'
import type { ExtraFile } from '../method'
import type { Layers } from './layers'
import { isStandard } from './operators'
import type { Group, Placement } from './placement'
import type { ValueParameters } from './ranges'

/** The calibrator that a cache names; its version is that of the builder that wrote it, and any later one reads it. */
const HEADER = 'TRT-8601-EntropyCalibration2'

/** Every inner value in float: TensorRT decides by itself which of them it computes in integers. */
export function placeEverywhere(editor: GraphEditor, layers: Layers): Placement {
  const { graph } = editor.model
  const values = [
    ...graph.inputs.map(({ name }) => editor.resolve(graph, name)),
    ...[...editor.nodes(graph)].flatMap((node) => {
      return isStandard(node) && node.opType === 'Constant' ? [] : node.outputs.map((_, i) => editor.output(node, i))
    }),
  ]
  const groups = new Map<Value, Group>()
  for (const value of values) {
    if (!value || !layers.isFloat32(value) || editor.constant(value)) continue
    groups.set(value, { members: new Set([value]), bits: 8, ownBits: 8 })
  }
  return { groups, integer: new Set(), makers: new Map(), absorbed: new Map(), readsRestored: () => false }
}

/**
 * TensorRT's calibration cache: a line that names calibrator and version, then for each tensor `name: scale`, the scale's float32
 * as eight hexadecimal digits, most significant byte first. A tensor's values go from −127 to 127 times its scale.
 * Source: https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/work-quantized-types.html (calibration cache)
 * @throws UnsupportedError for a name that a line cannot hold
 */
export function calibrationCache(values: Iterable<ValueParameters>): ExtraFile {
  const lines = [HEADER]
  for (const { value, parameters } of values) {
    if (/[\r\n]/.test(value.name)) {
      throw new UnsupportedError(
        `The name ${JSON.stringify(value.name)} has a line break, which a calibration cache cannot hold. Rename the value, or take format=qdq.`,
      )
    }
    lines.push(`${value.name}: ${hexOf(parameters.scale[0] as number)}`)
  }
  return { suffix: '.calib.cache', bytes: new TextEncoder().encode(`${lines.join('\n')}\n`) }
}

function hexOf(scale: number): string {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, scale)
  return view.getUint32(0).toString(16).padStart(8, '0')
}
