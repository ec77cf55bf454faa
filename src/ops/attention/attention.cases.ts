import { bool, f32, i64, wave, constant, type CaseInput, type OperatorCase } from '../../testing/operator-cases'

/** Small enough that no softmax saturates. */
function small(shape: readonly number[], seed: number): CaseInput {
  const { values } = wave(shape, seed)
  return f32(
    shape,
    values.map((value) => Math.fround(Number(value) * 0.5)),
  )
}
const q4 = small([1, 2, 3, 2], 1)
const k4 = small([1, 2, 4, 2], 2)
const v4 = small([1, 2, 4, 3], 3)
const past = [small([1, 2, 2, 2], 5), small([1, 2, 2, 3], 6)]

export const cases: readonly OperatorCase[] = [
  { name: 'four axes', operator: 'Attention', inputs: [q4, k4, v4] },
  {
    name: 'three axes, shared heads',
    operator: 'Attention',
    attributes: { q_num_heads: 4, kv_num_heads: 2 },
    inputs: [small([2, 3, 8], 1), small([2, 2, 4], 2), small([2, 2, 6], 3)],
  },
  { name: 'causal, scaled', operator: 'Attention', attributes: { is_causal: 1, scale: 0.3 }, inputs: [q4, k4, v4] },
  {
    name: 'a float mask and a soft cap',
    operator: 'Attention',
    attributes: { softcap: 1.5 },
    inputs: [q4, k4, v4, small([3, 4], 4)],
  },
  {
    name: 'a bool mask',
    operator: 'Attention',
    inputs: [q4, k4, v4, bool([3, 4], [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0])],
  },
  {
    name: 'past keys and values, causal, with the present ones',
    operator: 'Attention',
    attributes: { is_causal: 1 },
    inputs: [q4, small([1, 2, 3, 2], 2), small([1, 2, 3, 3], 3), null, ...past],
    outputs: 3,
  },
  ...[0, 1, 2, 3].map((mode) => ({
    name: `scores of stage ${mode}`,
    operator: 'Attention',
    attributes: { qk_matmul_output_mode: mode, softcap: 1.25 },
    inputs: [q4, k4, v4, small([1, 1, 3, 4], 4)],
    outputs: [true, false, false, true],
  })),
  {
    // by hand: query 1 may look at nothing, query 0 at key 1 alone
    name: 'a query that may look at nothing',
    operator: 'Attention',
    inputs: [small([1, 1, 2, 2], 1), small([1, 1, 2, 2], 2), f32([1, 1, 2, 1], [5, 7]), bool([2, 2], [0, 1, 0, 0])],
    expected: [f32([1, 1, 2, 1], [7, 0])],
  },
  {
    // opset 25 is newer than onnxruntime-web; by hand: each query sees its own place and the one before
    name: 'windows',
    operator: 'Attention',
    attributes: { left_window_size: 1, right_window_size: 0 },
    inputs: [f32([1, 1, 3, 1], [0, 0, 0]), f32([1, 1, 3, 1], [1, 2, 3]), f32([1, 1, 3, 1], [2, 4, 8])],
    expected: [f32([1, 1, 3, 1], [2, 3, 6])],
  },
  {
    // by hand: 2 valid keys of 3, queries stand at 0 and 1
    name: 'padded keys, causal',
    operator: 'Attention',
    attributes: { is_causal: 1 },
    inputs: [
      f32([1, 1, 2, 1], [0, 0]),
      f32([1, 1, 3, 1], [1, 2, 3]),
      f32([1, 1, 3, 1], [2, 4, 8]),
      null,
      null,
      null,
      constant(i64([1], [2])),
    ],
    expected: [f32([1, 1, 2, 1], [2, 3])],
  },
  {
    // by hand: the mask ends before the keys do
    name: 'a short mask',
    operator: 'Attention',
    inputs: [f32([1, 1, 1, 1], [0]), f32([1, 1, 3, 1], [1, 2, 3]), f32([1, 1, 3, 1], [2, 4, 8]), bool([1, 2], [1, 1])],
    expected: [f32([1, 1, 1, 1], [3])],
  },
  { name: 'opset 23', operator: 'Attention', opset: 23, attributes: { is_causal: 1 }, inputs: [q4, k4, v4] },
  {
    name: 'no heads declared',
    operator: 'Attention',
    inputs: [small([1, 3, 4], 1), small([1, 3, 4], 2), small([1, 3, 4], 3)],
    error: { name: 'ShapeError', message: 'three axes need q_num_heads and kv_num_heads' },
  },
  {
    name: 'lengths that differ',
    operator: 'Attention',
    inputs: [q4, k4, small([1, 2, 5, 3], 3)],
    error: { name: 'ShapeError', message: 'the lengths of K and V 4 and 5 differ' },
  },
  {
    name: 'heads that cannot be shared',
    operator: 'Attention',
    inputs: [small([1, 3, 3, 2], 1), k4, v4],
    error: { name: 'ShapeError', message: '3 heads of queries cannot share 2 heads of keys' },
  },
  {
    name: 'a mask that does not fit',
    operator: 'Attention',
    inputs: [q4, k4, v4, small([2, 4], 4)],
    error: { name: 'ShapeError', message: /attn_mask must be repeatable to \[1, 2, 3, 4\]/ },
  },
  {
    name: 'half a past',
    operator: 'Attention',
    inputs: [q4, k4, v4, null, past[0]!],
    error: { name: 'ShapeError', message: 'past_key and past_value come together' },
  },
  {
    name: 'an unknown stage',
    operator: 'Attention',
    attributes: { qk_matmul_output_mode: 4 },
    inputs: [q4, k4, v4],
    error: { name: 'ShapeError', message: 'qk_matmul_output_mode must be 0, 1, 2 or 3, not 4' },
  },
]
