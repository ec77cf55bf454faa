/** How the shaders of matrix products read and write: lines for the slots of gemm-blocks, gemm-finish and their kin. */
import type { Matrix, Product } from './gemm-split'

/** One of the two matrices as a shader sees it. */
export interface Reading {
  /** Its variable. */
  readonly variable: string
  /** Prefix of its sizes. */
  readonly side: 'a' | 'b'
  /** Member of `sizes` that counts its lines. */
  readonly lines: 'm' | 'n'
  /** Vectors run along k, or along the lines; undefined: single elements. */
  readonly vectors: 'k' | 'lines' | undefined
  /** k may lie beyond the end when a block is read. */
  readonly hasTail: boolean
}

const QUAD = [0, 1, 2, 3] as const
const isWhole = (value: number) => value % 4 === 0

/** Along what a matrix can be read four elements at a time. */
export function vectorsOf({ starts, line, step }: Matrix, lines: number, k: number): Reading['vectors'] {
  if (!starts.every(isWhole)) return undefined
  if (step === 1 && isWhole(k) && (lines === 1 || isWhole(line))) return 'k'
  return line === 1 && isWhole(lines) && isWhole(step) ? 'lines' : undefined
}

/** The body of a_block or b_block. */
export function blockLines(reading: Reading): string {
  if (reading.vectors === 'k') return alongK(reading)
  return reading.vectors === 'lines' ? alongLines(reading) : singly(reading)
}

function alongK({ variable, side, lines, hasTail }: Reading): string {
  const columns = QUAD.map((i) => `${variable}[at + min(line + ${i}u, sizes.${lines} - 1u) * lead]`)
  return [
    ...(hasTail ? ['if (k >= sizes.k) { return mat4x4<f32>(); }'] : []),
    'let at = (origin + k) / 4u;',
    `let lead = sizes.${side}_line / 4u;`,
    `return transpose(mat4x4<f32>(${columns.join(', ')}));`,
  ].join('\n')
}

function alongLines({ variable, side, lines, hasTail }: Reading): string {
  const columns = QUAD.map((q) =>
    hasTail
      ? `select(vec4<f32>(), ${variable}[at + min(k + ${q}u, sizes.k - 1u) * lead], k + ${q}u < sizes.k)`
      : `${variable}[at + (k + ${q}u) * lead]`,
  )
  return [
    `let at = (origin + min(line, sizes.${lines} - 4u)) / 4u;`,
    `let lead = sizes.${side}_step / 4u;`,
    `return mat4x4<f32>(${columns.join(', ')});`,
  ].join('\n')
}

function singly({ variable, side, lines }: Reading): string {
  const columns = QUAD.map((q) => {
    const lanes = QUAD.map((i) => `${variable}[l${i} + k${q}]`)
    return `select(vec4<f32>(), vec4<f32>(${lanes.join(', ')}), k + ${q}u < sizes.k)`
  })
  return [
    ...QUAD.map((i) => `let l${i} = origin + min(line + ${i}u, sizes.${lines} - 1u) * sizes.${side}_line;`),
    ...QUAD.map((q) => `let k${q} = min(k + ${q}u, sizes.k - 1u) * sizes.${side}_step;`),
    `return mat4x4<f32>(${columns.join(', ')});`,
  ].join('\n')
}

/** The body of a_vector: the one row of A, four elements. */
export function rowLines({ variable, vectors }: Reading): string {
  if (vectors === 'k') return `return ${variable}[(origin + k) / 4u];`
  const lanes = QUAD.map((q) => `${variable}[origin + min(k + ${q}u, sizes.k - 1u) * sizes.a_step]`)
  const isThere = QUAD.map((q) => `k + ${q}u < sizes.k`)
  return `return select(vec4<f32>(), vec4<f32>(${lanes.join(', ')}), vec4<bool>(${isThere.join(', ')}));`
}

export const hasEqualSteps = ({ starts }: Matrix): boolean =>
  starts.every((start, b) => start === starts[0]! + b * ((starts[1] ?? starts[0]!) - starts[0]!))

/** The body of origins. */
export const originLines = (isRegular: boolean): string =>
  isRegular
    ? 'return vec2<u32>(sizes.a_from, sizes.b_from) + batch * vec2<u32>(sizes.a_batch, sizes.b_batch);'
    : 'return vec2<u32>(offsets_at(2u * batch), offsets_at(2u * batch + 1u));'

export const canStoreVectors = ({ n, y }: Product): boolean => [n, y.lead, y.start].every(isWhole)

const LANES = 'for (var lane = 0u; lane < min(4u, sizes.n - column); lane++)'

/** What happens to four sums of a row. */
export function finishLines(product: Product): string {
  const isVector = canStoreVectors(product)
  const { accumulates, bias } = product
  const old = isVector ? 'value += y[at / 4u];' : `${LANES} { value[lane] += y[at + lane]; }`
  const columns = QUAD.map((i) => `bias[start + min(column + ${i}u, last)]`).join(', ')
  const lines = {
    n: ['let start = sizes.bias_from;', `value += vec4<f32>(${columns});`],
    mn: ['let start = sizes.bias_from + row * sizes.y_lead;', `value += vec4<f32>(${columns});`],
    m: ['value += bias[sizes.bias_from + row];'],
    scalar: ['value += bias[sizes.bias_from];'],
  }
  return [
    ...(accumulates ? [old] : []),
    ...(bias ? lines[bias.along] : []),
    'value = activate4(value);',
    isVector ? 'y[at / 4u] = value;' : `${LANES} { y[at + lane] = value[lane]; }`,
  ].join('\n')
}

/** What happens to one sum of the plain kernel. */
export function finishOneLines({ accumulates, bias, y }: Product): string {
  if (y.operand.dtype !== 'float32') return 'return sum;'
  const places = { n: 'column', m: 'row', mn: 'row * sizes.y_lead + column', scalar: '0u' }
  return [
    'var value = sizes.alpha * sum;',
    ...(accumulates ? ['value += y_at(sizes.y_from + (batch * sizes.m + row) * sizes.y_lead + column);'] : []),
    ...(bias ? [`value += bias_at(sizes.bias_from + ${places[bias.along]});`] : []),
    'return activate(value);',
  ].join('\n')
}
