/** Products of matrices: which shader takes which, and what it is told. */
import { elementCount } from '../../../core/dtypes'
import type { GemmCall } from '../../kernel-calls'
import type { Constant, DeviceFacts, Dispatch, Kernel, Size, Storage } from '../dispatch'
import { activationSlot } from '../expressions'
import { gemmTile, type GemmTile } from '../tiles'
import {
  blockLines,
  canStoreVectors,
  finishLines,
  finishOneLines,
  hasEqualSteps,
  originLines,
  rowLines,
  vectorsOf,
  type Reading,
} from './gemm-reads'
import { productsOf, type Matrix, type Product, type Target } from './gemm-split'

export const gemm: Kernel<GemmCall> = {
  splits: true,
  supports(call, facts) {
    const { a, b, output, bias, alpha, activation, batches } = call
    const { dtype } = output
    const isPlain = alpha === 1 && !bias && !activation && elementCount(a.shape) + elementCount(b.shape) < 2 ** 30
    const isFloat = dtype === 'float32' && (!bias || bias.operand.dtype === dtype)
    const isHeld = isFloat || ((dtype === 'int32' || dtype === 'uint32') && isPlain)
    const areSame = a.dtype === dtype && b.dtype === dtype
    const isEmpty = call.m * call.n * call.k * batches.length === 0
    return isHeld && areSame && !isEmpty && productsOf(call, facts.limits.maxStorageBufferBindingSize) !== undefined
  },
  encode(call, facts) {
    const products = productsOf(call, facts.limits.maxStorageBufferBindingSize) ?? []
    return products.map((product) => encodeProduct(asRow(product), facts))
  },
}

/** A product with one column is one with one row: yᵀ = op(B)ᵀ · op(A)ᵀ. */
function asRow(product: Product): Product {
  const { m, n, a, b, y, bias } = product
  if (n > 1 || m === 1 || y.lead > 1) return product
  const turned = { n: 'm', m: 'n', mn: 'mn', scalar: 'scalar' } as const
  return {
    ...product,
    ...{ m: 1, n: m, a: b, b: a },
    y: { ...y, lead: m },
    ...(bias && { bias: { ...bias, along: turned[bias.along] } }),
  }
}

type Form =
  | { readonly shader: 'gemm' | 'gemv' | 'gemv-shared' }
  | { readonly shader: 'gemm-tiled'; readonly isWide: boolean }
  | { readonly shader: 'gemm-shared' | 'gemm-matrix'; readonly tile: GemmTile }

/** Below, a tile of workgroup memory is mostly empty. */
const LEAST_SHARED = 32
/** Tiles of 8×8 that keep the cores of a processor busy. */
const LEAST_WIDE_TILES = 16

function formOf(product: Product, facts: DeviceFacts): Form {
  const { m, n, k, a, b } = product
  const tile = gemmTile(facts)
  const canBlock = vectorsOf(a, m, k) !== undefined && vectorsOf(b, n, k) !== undefined
  const tiles = Math.ceil(m / 8) * Math.ceil(n / 8) * a.starts.length
  if (product.y.operand.dtype !== 'float32' || tile.type === 'plain') return { shader: 'gemm' }
  if (m === 1) return { shader: facts.isSoftware ? 'gemv' : 'gemv-shared' }
  const isSmall = m < LEAST_SHARED || n < LEAST_SHARED
  if (tile.type === 'tiled' || isSmall) return { shader: 'gemm-tiled', isWide: canBlock && tiles >= LEAST_WIDE_TILES }
  return { shader: tile.type === 'shared' ? 'gemm-shared' : 'gemm-matrix', tile }
}

interface Readings {
  readonly a: Reading
  readonly b: Reading
}

function readingsOf({ a, b, m, n, k }: Product, form: Form): Readings {
  const isShared = areOne(a, b)
  const along =
    form.shader === 'gemm' ? ([undefined, undefined] as const) : ([vectorsOf(a, m, k), vectorsOf(b, n, k)] as const)
  // one variable has one type
  const isMixed = isShared && (along[0] === undefined) !== (along[1] === undefined)
  const hasTail = k % ('tile' in form ? 16 : 4) !== 0
  const of = (side: 'a' | 'b', vectors: Reading['vectors']): Reading => ({
    ...{ variable: isShared ? 'a' : side, side, lines: side === 'a' ? 'm' : 'n', hasTail },
    vectors: isMixed ? undefined : vectors,
  })
  return { a: of('a', along[0]), b: of('b', along[1]) }
}

/** Both sides of x · xᵀ are one binding. */
const areOne = (a: Matrix, b: Matrix): boolean =>
  a.operand === b.operand && a.extent.from === b.extent.from && a.extent.to === b.extent.to

function encodeProduct(product: Product, facts: DeviceFacts): Dispatch {
  const form = formOf(product, facts)
  const { a, b, y, bias } = product
  const readings = readingsOf(product, form)
  const origins = originsOf(a, b)
  const isVectorTarget = form.shader !== 'gemm' && canStoreVectors(product)
  const activation = activationSlot(product.activation)
  return {
    shader: form.shader,
    storage: [
      bound('a', a, readings.a.vectors !== undefined),
      ...(areOne(a, b) ? [] : [bound('b', b, readings.b.vectors !== undefined)]),
      ...(bias ? [bound('bias', bias, false)] : []),
      ...origins.storage,
      bound('y', y, isVectorTarget),
    ],
    sizes: { ...sizesOf(product), ...origins.sizes, ...activation.sizes, ...tasksOf(product, form) },
    constants: constantsOf(form, readings),
    slots: { ...activation.slots, origins: origins.lines, ...slotsOf(form, product, readings) },
    ...('tile' in form && form.tile.enable && { enable: form.tile.enable }),
    grid: gridOf(product, form, facts),
  }
}

/** The elements of an operand that this product touches. */
function bound(name: string, { operand, extent }: Pick<Target, 'operand' | 'extent'>, isVector: boolean): Storage {
  const { from, to } = extent
  const isWhole = from === 0 && to === elementCount(operand.shape)
  return { name, of: operand, ...(!isWhole && { from, count: to - from }), ...(isVector && { vector: 4 as const }) }
}

function sizesOf({ m, n, k, a, b, y, bias, alpha }: Product): Record<string, Size> {
  return {
    ...{ m, n, k, a_line: a.line, a_step: a.step, b_line: b.line, b_step: b.step },
    ...{ y_from: y.start, y_lead: y.lead, alpha: { f32: alpha } },
    ...(bias && { bias_from: bias.start }),
  }
}

interface Origins {
  readonly storage: readonly Storage[]
  readonly sizes: Readonly<Record<string, Size>>
  readonly lines: string
}

function originsOf(a: Matrix, b: Matrix): Origins {
  const isRegular = hasEqualSteps(a) && hasEqualSteps(b)
  const lines = originLines(isRegular)
  const [[a0 = 0, a1 = a0], [b0 = 0, b1 = b0]] = [a.starts, b.starts]
  // matrices that go backwards are rare: a table has no signs to think of
  if (isRegular && a1 >= a0 && b1 >= b0) {
    return { storage: [], sizes: { a_from: a0, b_from: b0, a_batch: a1 - a0, b_batch: b1 - b0 }, lines }
  }
  const table = Uint32Array.from({ length: 2 * a.starts.length }, (_, i) => (i % 2 === 0 ? a : b).starts[i >> 1]!)
  return { storage: [{ name: 'offsets', of: { table } }], sizes: {}, lines: originLines(false) }
}

function constantsOf(form: Form, { a, b }: Readings): Record<string, Constant> {
  const along = { A_ALONG_K: a.vectors !== 'lines', B_ALONG_K: b.vectors !== 'lines' }
  if (form.shader === 'gemm-tiled') return { WIDE: form.isWide }
  if (form.shader === 'gemv-shared') return { B_ALONG_K: along.B_ALONG_K }
  if (form.shader === 'gemm-matrix') return { SIDE: form.tile.m / 4, ...along }
  return form.shader === 'gemm-shared' ? { TILE_M: form.tile.m, TILE_N: form.tile.n, ...along } : {}
}

function slotsOf(form: Form, product: Product, { a, b }: Readings): Record<string, string> {
  if (form.shader === 'gemm') {
    const read = (name: string, { variable }: Reading) =>
      `fn ${name}(i: u32) -> y_element { return ${variable}_at(i); }`
    return { reads: `${read('left', a)}\n${read('right', b)}`, finish: finishOneLines(product) }
  }
  return {
    ...{ b_block: blockLines(b), finish: finishLines(product) },
    ...(form.shader.startsWith('gemv') ? { a_vector: rowLines(a) } : { a_block: blockLines(a) }),
    ...(form.shader === 'gemm-shared' && { tile_element: `alias tile_element = ${form.tile.element};` }),
  } as Record<string, string>
}

/** How many workgroups have work, where invocations are not counted. */
function tasksOf({ m, n, a }: Product, form: Form): Record<string, Size> {
  const batch = a.starts.length
  if (form.shader === 'gemv-shared') return { tasks: batch * Math.ceil(n / 16) }
  return 'tile' in form ? { tasks: batch * Math.ceil(m / form.tile.m) * Math.ceil(n / form.tile.n) } : {}
}

function gridOf(product: Product, form: Form, { limits }: DeviceFacts): Dispatch['grid'] {
  const { tasks } = tasksOf(product, form)
  if (typeof tasks === 'number') {
    const rows = Math.ceil(tasks / limits.maxComputeWorkgroupsPerDimension)
    return { workgroups: [Math.ceil(tasks / rows), rows, 1] }
  }
  const { m, n, a } = product
  const [down, across] = { gemm: [1, 1], gemv: [1, 4], 'gemm-tiled': [4, 4] }[form.shader as 'gemm'] as [number, number]
  const scale = 'isWide' in form && form.isWide ? 2 : 1
  return { invocations: a.starts.length * Math.ceil(m / (down * scale)) * Math.ceil(n / (across * scale)) }
}
