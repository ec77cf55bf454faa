import { buildGraph, node } from '../../testing/build-model'
import { wave, type OperatorCase } from '../../testing/operator-cases'

/** A running sum. */
const body = buildGraph({
  name: 'body',
  inputs: { sum: ['float32', [3]], entry: ['float32', [3]] },
  outputs: { next: ['float32', [3]], seen: ['float32', [3]] },
  nodes: [node('Add', 'sum entry', 'next'), node('Identity', 'next', 'seen')],
})

export const cases: readonly OperatorCase[] = [
  {
    name: 'a running sum',
    operator: 'Scan',
    attributes: { body, num_scan_inputs: 1 },
    inputs: [wave([3]), wave([4, 3], 1)],
    outputs: 2,
  },
  {
    name: 'backwards along another axis, put together backwards along the last',
    operator: 'Scan',
    attributes: {
      body,
      num_scan_inputs: 1,
      scan_input_axes: [1],
      scan_input_directions: [1],
      scan_output_axes: [-1],
      scan_output_directions: [1],
    },
    inputs: [wave([3]), wave([3, 5], 2)],
    outputs: 2,
  },
  {
    name: 'more scanned inputs than inputs',
    operator: 'Scan',
    attributes: { body, num_scan_inputs: 3 },
    inputs: [wave([3]), wave([4, 3])],
    outputs: 2,
    error: { name: 'ShapeError', message: /Scan "tested": it scans 3 inputs and has 2/ },
  },
]
