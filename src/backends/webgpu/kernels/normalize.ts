/** Normalization of rows: moments of each row, then every element by them. */
import type { NormalizeCall } from '../../kernel-calls'
import type { Dispatch, Kernel, Storage } from '../dispatch'
import { isFloat, partsOf, rowGrid, rowWidth, storage, temporary } from './lines'

const KEEP_PART = `fn keep(at: u32, mean: f32, squares: f32) {
  means_put(at, mean);
  squares_put(at, squares);
}`
const KEEP_FACTOR = `fn keep(at: u32, mean: f32, squares: f32) {
  means_put(at, mean);
  factors_put(at, 1.0 / sqrt(squares / f32(sizes.size) + sizes.epsilon));
}`

/** Mean and 1 / √(variance + ε) of each row, in one dispatch, or in two where rows are few and long. */
function encodeMoments(call: NormalizeCall, x: Storage, kept: readonly Storage[], parts: number): Dispatch[] {
  const { rows, size, epsilon, type } = call
  const sizes = { size, parts, epsilon: { f32: epsilon } }
  const constants = { IS_RMS: type === 'rms' }
  const first = { shader: 'moments', sizes, constants, grid: { invocations: rows * parts } }
  if (parts === 1) return [{ ...first, storage: [x, ...kept], slots: { keep: KEEP_FACTOR } }]
  const [means, squares] = [temporary('f32', rows * parts), temporary('f32', rows * parts)]
  return [
    { ...first, storage: [x, storage('means', means), storage('squares', squares)], slots: { keep: KEEP_PART } },
    {
      shader: 'moments-merge',
      storage: [storage('part_means', means), storage('part_squares', squares), ...kept],
      sizes,
      slots: { keep: KEEP_FACTOR },
      grid: { invocations: rows },
    },
  ]
}

/** normal · scale + bias, as far as they are there. */
function affineSlot({ scale, bias }: NormalizeCall): string {
  const scaled = scale ? 'normal * scale_at(entry)' : 'normal'
  const shifted = bias ? `${scaled} + bias_at(entry)` : scaled
  return `fn affine(normal: f32, entry: u32) -> f32 { return ${shifted}; }`
}

export const normalize: Kernel<NormalizeCall> = {
  supports: ({ input, output, scale, bias }) => isFloat(input, output, scale, bias),
  encode(call, facts) {
    const { input, output, scale, bias, rows, size, affine, epsilon, type } = call
    const x = storage('x', input)
    const own = [...(scale ? [storage('scale', scale)] : []), ...(bias ? [storage('bias', bias)] : [])]
    const { channels, spread } = affine.by === 'channel' ? affine : { channels: 1, spread: 1 }
    const lines = { outer: rows, size, inner: 1 }
    const last = {
      sizes: { rows, size, channels, spread, epsilon: { f32: epsilon } },
      constants: { BY_ELEMENT: affine.by === 'element' },
      slots: { affine: affineSlot(call) },
    }
    const width = rowWidth(lines, facts)
    if (width !== undefined) {
      return [
        {
          ...last,
          shader: 'normalize-row',
          storage: [x, ...own, storage('y', output)],
          constants: { ...last.constants, WIDTH: width, IS_RMS: type === 'rms' },
          grid: rowGrid(rows, facts),
        },
      ]
    }
    const kept = [storage('means', temporary('f32', rows)), storage('factors', temporary('f32', rows))]
    return [
      ...encodeMoments(call, x, kept, partsOf(lines, facts)),
      {
        ...last,
        shader: 'normalize',
        storage: [x, ...kept, ...own, storage('y', output)],
        grid: { invocations: rows * size },
      },
    ]
  },
}
