/** Reductions along the middle of [outer, size, inner], in float32 or in integers. */
import { deviceLayout, type DeviceLayout } from '../../../core/device-layout'
import type { ReduceCall } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Storage } from '../dispatch'
import { isFloat, partsDispatch, partsOf, rowGrid, storage, storageBy, temporary, type Unit } from './lines'
import { encodeLogSumExp } from './softmax'

type Reduction = ReduceCall['reduction']

/** How elements enter, how two results become one, what becomes of the last: lines of WGSL. */
interface Formula {
  readonly load: string
  readonly combine: string
  readonly finish: string
}

const SUM = 'a + b'
const FORMULAS: Record<Exclude<Reduction, 'logSumExp'>, Formula> = {
  sum: { load: 'v', combine: SUM, finish: 'v' },
  mean: { load: 'v', combine: SUM, finish: 'v / sizes.divisor' },
  max: { load: 'v', combine: 'math_max(a, b)', finish: 'v' },
  min: { load: 'v', combine: 'math_min(a, b)', finish: 'v' },
  prod: { load: 'v', combine: 'a * b', finish: 'v' },
  sumSquare: { load: 'v * v', combine: SUM, finish: 'v' },
  l1: { load: 'abs(v)', combine: SUM, finish: 'v' },
  l2: { load: 'v * v', combine: SUM, finish: 'sqrt(v)' },
  logSum: { load: 'v', combine: SUM, finish: 'math_log(v)' },
}

/** Integer arithmetic: that which wraps as the type does, and that which raises a fault instead. */
const WRAPPING = { add: 'a + b', multiply: 'a * b', square: 'v * v', absolute: 'abs(v)' }
const CHECKED = {
  i32: {
    add: 'whole_add(a, b)',
    multiply: 'whole_multiply(a, b)',
    square: 'whole_multiply(v, v)',
    absolute: 'whole_absolute(v)',
  },
  u32: {
    add: 'whole_add_unsigned(a, b)',
    multiply: 'whole_multiply_unsigned(a, b)',
    square: 'whole_multiply_unsigned(v, v)',
    absolute: 'v',
  },
}

/** A mean and a norm are of the exact sum, and so is what stands for 64 bits. */
function wholeFormula(reduction: Reduction, { scalar, isNarrowed }: DeviceLayout): Formula {
  const isExact = isNarrowed === true || reduction === 'mean' || reduction === 'l2'
  const { add, multiply, square, absolute } = isExact ? CHECKED[scalar as 'i32' | 'u32'] : WRAPPING
  const formulas: Partial<Record<Reduction, Formula>> = {
    sum: { load: 'v', combine: add, finish: 'v' },
    mean: { load: 'v', combine: add, finish: `v / ${scalar}(sizes.divisor)` },
    max: { load: 'v', combine: 'max(a, b)', finish: 'v' },
    min: { load: 'v', combine: 'min(a, b)', finish: 'v' },
    prod: { load: 'v', combine: multiply, finish: 'v' },
    sumSquare: { load: square, combine: add, finish: 'v' },
    l1: { load: absolute, combine: add, finish: 'v' },
    l2: { load: square, combine: add, finish: `${scalar}(whole_root(u32(v)))` },
  }
  return formulas[reduction]!
}

/** For elements alone, and for vectors of four, whose components are combined at last. */
function slotOf({ load, combine, finish }: Formula, unit: Unit = 1): string {
  const finished = `fn finish(v: ${unit === 4 ? 'f32' : 'x_element'}) -> y_element { return ${finish}; }`
  if (unit === 1) {
    return [
      `fn load(v: x_element) -> x_element { return ${load}; }`,
      `fn combine(a: x_element, b: x_element) -> x_element { return ${combine}; }`,
      'fn joined(v: x_element) -> x_element { return v; }',
      finished,
    ].join('\n')
  }
  return [
    `fn load_one(v: f32) -> f32 { return ${load}; }`,
    `fn combine_one(a: f32, b: f32) -> f32 { return ${combine}; }`,
    'fn load(v: vec4<f32>) -> vec4<f32> { return vec4<f32>(load_one(v.x), load_one(v.y), load_one(v.z), load_one(v.w)); }',
    'fn combine(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {',
    '  return vec4<f32>(combine_one(a.x, b.x), combine_one(a.y, b.y), combine_one(a.z, b.z), combine_one(a.w, b.w));',
    '}',
    'fn joined(v: vec4<f32>) -> f32 { return combine_one(combine_one(v.x, v.y), combine_one(v.z, v.w)); }',
    finished,
  ].join('\n')
}

interface Pass {
  readonly formula: Formula
  /** Elements of a line, and parts that it is cut into. */
  readonly size: number
  readonly parts: number
  readonly unit: Unit
  readonly x: Storage['of']
  readonly y: Storage['of']
}

/** One dispatch, or two where lines are few and long. */
function encodeParts(call: ReduceCall, shader: string, formula: Formula, facts: DeviceFacts): Dispatch[] {
  const { input, output, outer, size, inner, reduction } = call
  const divisor = shader === 'reduce' ? { f32: size } : size
  const pass = ({ unit, ...one }: Pass): Dispatch =>
    partsDispatch(
      {
        shader,
        storage: [storageBy(unit, 'x', one.x), storage('y', one.y)],
        sizes: reduction === 'mean' ? { divisor } : {},
        slots: { formulas: slotOf(one.formula, unit) },
      },
      { outer, size: one.size / unit, inner },
      one.parts,
    )
  const unit = shader === 'reduce' && inner === 1 && size % 4 === 0 ? 4 : 1
  const parts = partsOf({ outer, size: size / unit, inner }, facts)
  if (parts === 1) return [pass({ formula, size, parts: 1, unit, x: input, y: output })]
  const between = temporary(deviceLayout(input.dtype)!.scalar, outer * parts * inner)
  return [
    pass({ formula: { ...formula, finish: 'v' }, size, parts, unit, x: input, y: between }),
    pass({ formula: { ...formula, load: 'v' }, size: parts, parts: 1, unit: 1, x: between, y: output }),
  ]
}

/** Invocations of a workgroup that takes a row, elements that are worth one, and workgroups that keep a device busy. */
const WIDTH = 256
const LEAST_PART = 16 * WIDTH
const WANTED_GROUPS = 2048

/** What lanes beyond the end of a row combine: nothing, or an element of the row once more. */
const NEUTRAL: Partial<Record<Reduction, string>> = {
  prod: '1.0',
  max: 'load(x_at(start))',
  min: 'load(x_at(start))',
}

/** On a real GPU: one workgroup per row, or several per row and one for their results. */
function encodeRows(call: ReduceCall, formula: Formula, facts: DeviceFacts): Dispatch[] {
  const { input, output, outer, size, reduction } = call
  const neutral = `fn neutral(start: u32) -> f32 { return ${NEUTRAL[reduction] ?? '0.0'}; }`
  const pass = (
    used: Formula,
    count: number,
    parts: number,
    [x, y]: readonly [Storage['of'], Storage['of']],
  ): Dispatch => ({
    shader: 'reduce-row',
    storage: [storage('x', x), storage('y', y)],
    sizes: { size: count, parts, rows: outer * parts, ...(reduction === 'mean' && { divisor: { f32: size } }) },
    constants: { WIDTH: count <= 512 ? 64 : WIDTH },
    slots: { formulas: `${slotOf(used)}\n${neutral}` },
    grid: rowGrid(outer * parts, facts),
  })
  const parts = Math.min(Math.ceil(WANTED_GROUPS / outer), Math.floor(size / LEAST_PART))
  if (parts <= 1) return [pass(formula, size, 1, [input, output])]
  const between = temporary('f32', outer * parts)
  return [
    pass({ ...formula, finish: 'v' }, size, parts, [input, between]),
    pass({ ...formula, load: 'v' }, parts, 1, [between, output]),
  ]
}

const TAKES_WHOLE = new Set<Reduction>(['sum', 'mean', 'max', 'min', 'prod', 'sumSquare', 'l1', 'l2'])

export const reduce: Kernel<ReduceCall> = {
  supports({ input, output, reduction }) {
    if (isFloat(input, output)) return true
    return input.dtype === output.dtype && deviceLayout(input.dtype)?.scalar !== 'f32' && TAKES_WHOLE.has(reduction)
  },
  encode(call, facts) {
    const { input, reduction } = call
    if (reduction === 'logSumExp') return encodeLogSumExp(call, partsOf(call, facts))
    const isRow = !facts.isSoftware && call.inner === 1 && call.size >= 64
    if (isFloat(input) && isRow) return encodeRows(call, FORMULAS[reduction], facts)
    if (isFloat(input)) return encodeParts(call, 'reduce', FORMULAS[reduction], facts)
    return encodeParts(call, 'reduce-whole', wholeFormula(reduction, deviceLayout(input.dtype)!), facts)
  },
}
