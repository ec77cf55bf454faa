/** Normalization of rows: moments of each row, then every element by them. */
import type { NormalizeCall } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Storage } from '../dispatch'
import {
  isFloat,
  partsOf,
  rowGrid,
  rowWidth,
  storage,
  storageBy,
  temporary,
  UNIT_FORMULAS,
  type Lines,
  type Unit,
} from './lines'

const KEEP_PART = `fn keep(at: u32, mean: f32, squares: f32) {
  means_put(at, mean);
  squares_put(at, squares);
}`
const KEEP_FACTOR = `fn keep(at: u32, mean: f32, squares: f32) {
  means_put(at, mean);
  factors_put(at, 1.0 / sqrt(squares / f32(sizes.size * UNIT) + sizes.epsilon));
}`

interface Rows {
  readonly lines: Lines
  readonly unit: Unit
  readonly kept: readonly Storage[]
}

/** Mean and 1 / √(variance + ε) of each row, in one dispatch, or in two where rows are few and long. */
function encodeMoments(
  { input, type, epsilon }: NormalizeCall,
  { lines, unit, kept }: Rows,
  parts: number,
): Dispatch[] {
  const { outer, size } = lines
  const sizes = { size, parts, epsilon: { f32: epsilon } }
  const constants = { IS_RMS: type === 'rms', UNIT: unit }
  const x = storageBy(unit, 'x', input)
  const first = { shader: 'moments', sizes, constants, grid: { invocations: outer * parts } }
  const keep = (code: string) => ({ keep: `${UNIT_FORMULAS[unit]}\n${code}` })
  if (parts === 1) return [{ ...first, storage: [x, ...kept], slots: keep(KEEP_FACTOR) }]
  const [means, squares] = [temporary('f32', outer * parts), temporary('f32', outer * parts)]
  return [
    { ...first, storage: [x, storage('means', means), storage('squares', squares)], slots: keep(KEEP_PART) },
    {
      shader: 'moments-merge',
      storage: [storage('part_means', means), storage('part_squares', squares), ...kept],
      sizes,
      constants: { UNIT: unit },
      slots: { keep: KEEP_FACTOR },
      grid: { invocations: outer },
    },
  ]
}

/** normal · scale + bias, as far as they are there. */
function affineSlot({ scale, bias }: NormalizeCall): string {
  const scaled = scale ? 'normal * scale_at(entry)' : 'normal'
  const shifted = bias ? `${scaled} + bias_at(entry)` : scaled
  return `fn affine(normal: x_element, entry: u32) -> x_element { return ${shifted}; }`
}

function encodeRows(call: NormalizeCall, width: number, facts: DeviceFacts): Dispatch {
  const { input, output, rows, size, affine, epsilon, type } = call
  return {
    shader: 'normalize-row',
    storage: [storage('x', input), ...affineOf(call, 1), storage('y', output)],
    sizes: { rows, size, ...spreadOf(call, 1), epsilon: { f32: epsilon } },
    constants: { WIDTH: width, IS_RMS: type === 'rms', BY_ELEMENT: affine.by === 'element' },
    slots: { affine: affineSlot(call) },
    grid: rowGrid(rows, facts),
  }
}

function affineOf({ scale, bias, affine }: NormalizeCall, unit: Unit): readonly Storage[] {
  const own = affine.by === 'element' ? unit : 1
  return [...(scale ? [storageBy(own, 'scale', scale)] : []), ...(bias ? [storageBy(own, 'bias', bias)] : [])]
}

const spreadOf = ({ affine }: NormalizeCall, unit: Unit) =>
  affine.by === 'channel' ? { channels: affine.channels, spread: affine.spread / unit } : { channels: 1, spread: 1 }

function unitOf({ size, affine }: NormalizeCall): Unit {
  return size % 4 === 0 && (affine.by === 'element' || affine.spread % 4 === 0) ? 4 : 1
}

export const normalize: Kernel<NormalizeCall> = {
  supports: ({ input, output, scale, bias }) => isFloat(input, output, scale, bias),
  encode(call, facts) {
    const { input, output, rows, size, affine } = call
    const width = rowWidth({ outer: rows, size, inner: 1 }, facts)
    if (width !== undefined) return [encodeRows(call, width, facts)]
    const unit = unitOf(call)
    const lines = { outer: rows, size: size / unit, inner: 1 }
    const kept = [storage('means', temporary('f32', rows)), storage('factors', temporary('f32', rows))]
    return [
      ...encodeMoments(call, { lines, unit, kept }, partsOf(lines, facts)),
      {
        shader: 'normalize',
        storage: [storageBy(unit, 'x', input), ...kept, ...affineOf(call, unit), storageBy(unit, 'y', output)],
        sizes: { size: lines.size, ...spreadOf(call, unit) },
        constants: { BY_ELEMENT: affine.by === 'element' },
        slots: { affine: affineSlot(call) },
        grid: { invocations: rows * lines.size },
      },
    ]
  },
}
