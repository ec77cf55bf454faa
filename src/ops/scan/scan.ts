import * as a from '../attributes'
import type { HostArray } from '../../core/host-array'
import { scanGradient } from './gradient'
import { gather, runBody } from '../loops'
import { defineOperator, EXACT, differentiable, onHost, type InferContext, type TensorType } from '../op'
import { normalizeAxis } from '../shapes'
import { takeEntry } from '../slabs'

const attributes = {
  body: a.graph(),
  num_scan_inputs: a.int(),
  scan_input_axes: a.optional(a.ints()),
  scan_input_directions: a.optional(a.ints()),
  scan_output_axes: a.optional(a.ints()),
  scan_output_directions: a.optional(a.ints()),
}

/**
 * (state…, outputs…) = body(state…, entry of each scanned input) for every entry along the scan axes (ONNX Scan-25).
 * Outputs: the last state, then each output of all steps along its axis.
 */
export const scan = defineOperator({
  name: 'Scan',
  domain: '',
  attributes,
  inputs: [1, Infinity],
  infer(context) {
    const { body, num_scan_inputs, scan_input_axes, scan_output_axes } = context.attributes
    const stateCount = stateCountOf(context)
    const types: TensorType[] = []
    let steps: TensorType['shape'] = undefined
    for (let i = 0; i < context.inputCount; i++) {
      const shape = context.shape(i)
      if (i < stateCount || !shape) {
        types.push({ dtype: context.dtype(i), shape })
        continue
      }
      const axis = normalizeAxis(context, scan_input_axes?.[i - stateCount] ?? 0, shape.length)
      const dim = shape[axis] ?? null
      if (typeof dim === 'number' && typeof steps?.[0] === 'number' && steps[0] !== dim) {
        context.fail(`the scanned inputs have ${steps[0]} and ${dim} entries`)
      }
      if (steps === undefined || typeof dim === 'number') steps = [dim]
      types.push({ dtype: context.dtype(i), shape: shape.filter((_, at) => at !== axis) })
    }
    if (num_scan_inputs < 1) context.fail('it scans no input')
    const inner = context.inferGraph(body, types)
    const state = types.slice(0, stateCount)
    const scanned = inner.slice(stateCount).map((type, i) => {
      if (!type?.shape) return type
      const rank = type.shape.length + 1
      const axis = normalizeAxis(context, scan_output_axes?.[i] ?? 0, rank)
      return { dtype: type.dtype, shape: [...type.shape.slice(0, axis), steps?.[0] ?? null, ...type.shape.slice(axis)] }
    })
    return [...state, ...scanned]
  },
  async reference(context, ...inputs) {
    const { body, scan_input_axes, scan_input_directions, scan_output_axes, scan_output_directions } =
      context.attributes
    const stateCount = stateCountOf(context)
    let state = inputs.slice(0, stateCount) as HostArray[]
    const scannedInputs = (inputs.slice(stateCount) as HostArray[]).map((array, i) => ({
      array,
      axis: normalizeAxis(context, scan_input_axes?.[i] ?? 0, array.shape.length),
      isReversed: scan_input_directions?.[i] === 1,
    }))
    const steps = Math.min(...scannedInputs.map(({ array, axis }) => array.shape[axis] ?? 0))
    const collected: HostArray[][] = body.outputs.slice(stateCount).map(() => [])
    for (let step = 0; step < steps; step++) {
      const entries = scannedInputs.map(({ array, axis, isReversed }) =>
        takeEntry(array, axis, isReversed ? steps - 1 - step : step),
      )
      const results = await runBody(context, body, [...state, ...entries])
      state = results.slice(0, stateCount)
      results.slice(stateCount).forEach((value, i) => collected[i]!.push(value))
    }
    const outputs = collected.map((entries, i) =>
      gather(
        context,
        scan_output_directions?.[i] === 1 ? [...entries].reverse() : entries,
        body,
        stateCount + i,
        scan_output_axes?.[i] ?? 0,
      ),
    )
    return [...state, ...outputs]
  },
  gradient: differentiable<typeof attributes>(scanGradient),
  lower: onHost('its body runs once per entry'),
  tolerance: EXACT,
})

function stateCountOf(context: Pick<InferContext<typeof attributes>, 'attributes' | 'inputCount' | 'fail'>): number {
  const count = context.inputCount - context.attributes.num_scan_inputs
  if (count < 0) context.fail(`it scans ${context.attributes.num_scan_inputs} inputs and has ${context.inputCount}`)
  return count
}
