/** Attention: how its operands are read, and which shader takes which form. */
import type { AttentionCall, HeadStrides } from '../../attention-call'
import { broadcastStrides } from '../../axes'
import type { Operand } from '../../kernel-calls'
import type { DeviceFacts, Kernel, Size, Storage } from '../dispatch'
import { isFloat } from './lines'

/** Columns of the values that a workgroup keeps in registers. */
const MOST_SHARED_VALUES = 256
const QUERIES_PER_TASK = 4

export const attention: Kernel<AttentionCall> = {
  supports({ query, key, value, output, mask, valid }) {
    const canMask = !mask || mask.dtype === 'float32' || mask.dtype === 'bool'
    return isFloat(query, key, value, output) && canMask && (!valid || valid.dtype === 'int64')
  },
  encode(call, facts) {
    const tasks = call.batch * call.heads * Math.ceil(call.queries / QUERIES_PER_TASK)
    const isShared = !facts.isSoftware && call.valueSize <= MOST_SHARED_VALUES
    const bindings = bindingsOf(call, isShared)
    return [
      {
        shader: isShared ? 'attention-shared' : 'attention',
        storage: bindings.storage,
        sizes: { ...sizesOf(call), ...(isShared && { tasks }) },
        constants: { HAS_CAP: call.softcap > 0 },
        slots: { reads: readsOf(bindings, isShared), mask: maskLines(call), cache: cacheLines(call) },
        grid: isShared ? { workgroups: foldedGrid(tasks, facts) } : { invocations: tasks },
      },
    ]
  },
}

function foldedGrid(tasks: number, { limits }: DeviceFacts): readonly [number, number, number] {
  const rows = Math.ceil(tasks / limits.maxComputeWorkgroupsPerDimension)
  return [Math.ceil(tasks / rows), rows, 1]
}

interface Bindings {
  readonly storage: readonly Storage[]
  /** Variables of query, key and value: one where they are one operand. */
  readonly names: readonly [query: string, key: string, value: string]
  readonly isVector: boolean
}

function bindingsOf(call: AttentionCall, isShared: boolean): Bindings {
  const { query, key, value, mask, valid, output, strides, size, valueSize } = call
  const nameOf = new Map<Operand, string>([
    [value, 'v'],
    [key, 'k'],
    [query, 'q'],
  ])
  const areWhole = (row: number, { batch, head, row: step }: HeadStrides) =>
    [row, batch, head, step].every((count) => count % 4 === 0)
  const isVector =
    areWhole(size, strides.query) &&
    areWhole(size, strides.key) &&
    (isShared
      ? value !== key && value !== query
      : areWhole(valueSize, strides.value) && areWhole(valueSize, strides.output))
  const vector = (is: boolean) => (is ? { vector: 4 as const } : {})
  return {
    names: [nameOf.get(query)!, nameOf.get(key)!, nameOf.get(value)!],
    isVector,
    storage: [
      ...[...nameOf].map(([of, name]) => ({ name, of, ...vector(isVector && !(isShared && name === 'v')) })),
      ...(mask ? [{ name: 'mask', of: mask }] : []),
      ...(valid ? [{ name: 'valid', of: valid }] : []),
      { name: 'y', of: output, ...vector(isVector && !isShared) },
    ],
  }
}

/** Beyond every place of a key. */
const ANYWHERE = 2 ** 30

/** How far queries look back and ahead. */
function windowOf({ isCausal, left, right }: AttentionCall): Record<'left' | 'right', Size> {
  const ahead = right < 0 ? ANYWHERE : Math.min(right, ANYWHERE)
  return { left: { i32: left < 0 ? ANYWHERE : Math.min(left, ANYWHERE) }, right: { i32: isCausal ? 0 : ahead } }
}

function sizesOf(call: AttentionCall): Record<string, Size> {
  const { strides, mask } = call
  const of = (name: string, { batch, head, row }: HeadStrides) => ({
    [`${name}_batch`]: batch,
    [`${name}_head`]: head,
    [`${name}_row`]: row,
  })
  const length = mask?.shape.at(-1) ?? 0
  const maskStrides = mask && broadcastStrides(mask.shape, [call.batch, call.heads, call.queries, length])
  return {
    ...{ heads: call.heads, key_heads: call.keyHeads, queries: call.queries, keys: call.keys },
    ...{ size: call.size, values: call.valueSize, scale: { f32: call.scale }, cap: { f32: call.softcap } },
    ...windowOf(call),
    past: call.past,
    ...of('query', strides.query),
    ...of('key', strides.key),
    ...of('value', strides.value),
    ...of('y', strides.output),
    ...(maskStrides && {
      ...of('mask', { batch: maskStrides[0]!, head: maskStrides[1]!, row: maskStrides[2]! }),
      mask_length: length,
    }),
  }
}

const cacheLines = ({ valid }: AttentionCall): string =>
  valid
    ? 'let count = valid_at(b);\nreturn vec2<i32>(min(count, i32(sizes.keys)), count - i32(sizes.queries));'
    : 'return vec2<i32>(i32(sizes.keys), i32(sizes.past));'

function maskLines({ mask }: AttentionCall): string {
  if (!mask) return 'return 0.0;'
  const found = mask.dtype === 'bool' ? 'select(-math_infinity(), 0.0, mask_at(at) != 0u)' : 'mask_at(at)'
  return [
    'if (j >= sizes.mask_length) { return -math_infinity(); }',
    'let at = b * sizes.mask_batch + h * sizes.mask_head + i * sizes.mask_row + j;',
    `return ${found};`,
  ].join('\n')
}

/** Four elements of a row that starts at `at`; what lies beyond its end is 0. */
function rowReader(name: string, variable: string, size: string, isVector: boolean): string {
  const head = `fn ${name}(at: u32, d: u32) -> vec4<f32> {`
  if (isVector) return `${head} return ${variable}[(at + d) / 4u]; }`
  const lanes = [0, 1, 2, 3].map((lane) => `${variable}[at + min(d + ${lane}u, ${size} - 1u)]`)
  const isThere = [0, 1, 2, 3].map((lane) => `d + ${lane}u < ${size}`)
  return `${head} return select(vec4<f32>(), vec4<f32>(${lanes.join(', ')}), vec4<bool>(${isThere.join(', ')})); }`
}

function readsOf({ names: [query, key, value], isVector }: Bindings, isShared: boolean): string {
  const scores = [rowReader('query4', query, 'sizes.size', isVector), rowReader('key4', key, 'sizes.size', isVector)]
  if (isShared) {
    return [...scores, `fn value1(at: u32, e: u32) -> f32 { return ${value}[at + min(e, sizes.values - 1u)]; }`].join(
      '\n',
    )
  }
  const put = isVector
    ? 'y[(at + e) / 4u] = row;'
    : 'for (var lane = 0u; lane < min(4u, sizes.values - e); lane++) { y[at + e + lane] = row[lane]; }'
  return [
    ...scores,
    rowReader('value4', value, 'sizes.values', isVector),
    rowReader('result4', 'y', 'sizes.values', isVector),
    `fn put4(at: u32, e: u32, row: vec4<f32>) { ${put} }`,
  ].join('\n')
}
