/** Assembles WGSL: a file of shaders/ with the declarations that its dispatch asks for. Nothing else writes shader text. */
import type { DeviceLayout, DeviceScalar } from '../../core/device-layout'
import { assert } from '../../core/errors'
import type { Constant, Dispatch, Size } from './dispatch'
import { withoutUnused } from './prune'
import { sourceOf } from './sources'

/** A binding of group 0 as the shader sees it. */
export interface Declared {
  readonly name: string
  readonly layout: DeviceLayout
  readonly vector?: 4
  readonly isAtomic?: true
  /** It lies where this binding, which is written, lies: both are one variable. */
  readonly isSameAs?: string
}

export interface ShaderText {
  readonly code: string
  /** Whether it can end a run with an error: then group 1 has a second binding. */
  readonly hasFault: boolean
  /** Elements that one invocation computes: those of a word where `each` writes packed ones. */
  readonly perInvocation: number
}

/** @param isGuarded it does nothing once a call before it has found a fault */
export function assemble(dispatch: Dispatch, declared: readonly Declared[], isGuarded = false): ShaderText {
  const { shader, constants = {}, slots = {}, enable = [] } = dispatch
  const { text: included, files } = withIncludes(isGuarded ? ['fault', shader] : [shader], declared)
  const body = withSlots(included, slots, shader)
  const hasFault = files.has('fault')
  const output = declared.at(-1)
  const perWord = output && 32 / output.layout.bits
  const lines = [
    ...enable.map((extension) => `enable ${extension};`),
    ...Object.entries(constants).map(([name, value]) => `const ${name} = ${literal(value)};`),
    ...(perWord && perWord > 1 ? [`const PER_WORD = ${perWord}u;`] : []),
    ...declareStorage(declared, body),
    ...declareSizes(sizesOf(dispatch, hasFault ? 0 : undefined)),
  ]
  const merged = declared.reduce((code, one) => mergeVariable(code, one, declared), body)
  const text = isGuarded ? merged.replace(MAIN, (start) => `${start}\n  ${GUARD}`) : merged
  const perInvocation = files.has('each-packed') ? (perWord ?? 1) : 1
  return { code: withoutUnused(`${lines.join('\n')}\n${text}`), hasFault, perInvocation }
}

const MAIN = /^fn main\([^{]*\{/m
const GUARD = 'if (atomicLoad(&fault.step) != 0u) { return; }'

/** Members of the uniform: those of the dispatch, the number of invocations, and the step that a fault names. */
export function sizesOf({ sizes, grid }: Dispatch, step?: number): Readonly<Record<string, Size>> {
  return {
    ...(step === undefined ? {} : { step }),
    ...('invocations' in grid ? { count: grid.invocations } : {}),
    ...sizes,
  }
}

/**
 * The bytes of the uniform, as `declareSizes` lays it out: scalars of four bytes, then lists of whole vectors.
 * Source: WGSL specification, "Memory Layout", alignments of u32 and vec4.
 */
export function packSizes(sizes: Readonly<Record<string, Size>>): ArrayBuffer {
  const { scalars, lists } = split(sizes)
  const scalarBytes = Math.ceil(scalars.length / 4) * 16
  const listBytes = lists.reduce((sum, [, { values }]) => sum + 16 * vectors(values), 0)
  const view = new DataView(new ArrayBuffer(Math.max(16, scalarBytes + listBytes)))
  scalars.forEach(([, size], i) => putScalar(view, 4 * i, size))
  let at = scalarBytes
  for (const [, { values }] of lists) {
    values.forEach((value, i) => view.setInt32(at + 4 * i, value, true))
    at += 16 * vectors(values)
  }
  return view.buffer
}

const GRID_LIMIT = 65535
const WORKGROUP = 64

/** Workgroups of 64 for so many invocations, folded into y where one dimension does not hold them. */
export function gridOf(invocations: number, limit = GRID_LIMIT): readonly [number, number, number] {
  const groups = Math.ceil(invocations / WORKGROUP)
  if (groups <= limit) return [groups, 1, 1]
  const rows = Math.ceil(groups / limit)
  assert(rows <= limit, `a grid of ${invocations} invocations`)
  return [Math.ceil(groups / rows), rows, 1]
}

function withIncludes(
  roots: readonly string[],
  declared: readonly Declared[],
): { text: string; files: ReadonlySet<string> } {
  const files = new Set<string>()
  const expand = (name: string): string => {
    if (files.has(name)) return ''
    files.add(name)
    return sourceOf(name).replaceAll(/^\/\/#include (\S+)$/gm, (_, wanted: string) =>
      expand(variantOf(wanted, declared)),
    )
  }
  return { text: roots.map(expand).join('\n'), files }
}

/** `each` writes one word per invocation where elements share words. */
function variantOf(name: string, declared: readonly Declared[]): string {
  const output = declared.at(-1)
  return name === 'each' && output && output.layout.bits < 32 ? 'each-packed' : name
}

function withSlots(body: string, slots: Readonly<Record<string, string>>, shader: string): string {
  const used = new Set<string>()
  const text = body.replaceAll(/^ *\/\/#slot (\S+)$/gm, (_, name: string) => {
    const lines = slots[name]
    assert(lines !== undefined, `${shader}.wgsl has a slot ${name} that its dispatch does not fill`)
    used.add(name)
    return lines
  })
  const unknown = Object.keys(slots).find((name) => !used.has(name))
  assert(unknown === undefined, `${shader}.wgsl has no slot ${unknown}`)
  return text
}

const elementType = ({ layout, vector, isAtomic }: Declared): string => {
  if (isAtomic) return `atomic<${layout.scalar}>`
  return vector ? `vec4<${layout.scalar}>` : layout.bits < 32 ? 'u32' : layout.scalar
}

const valueType = ({ layout, vector }: Declared): string => (vector ? `vec4<${layout.scalar}>` : layout.scalar)

function declareStorage(declared: readonly Declared[], body: string): string[] {
  let binding = 0
  return declared.flatMap((one) => {
    const variable =
      one.isSameAs === undefined
        ? [`@group(0) @binding(${binding++}) var<storage, read_write> ${one.name}: array<${elementType(one)}>;`]
        : []
    return [...variable, `alias ${one.name}_element = ${valueType(one)};`, ...accessors(one, declared, body)]
  })
}

function accessors(one: Declared, declared: readonly Declared[], body: string): string[] {
  const { name, layout, vector, isAtomic } = one
  if (isAtomic) return []
  const at = `fn ${name}_at(i: u32) -> ${name}_element { return ${load(one, declared)}; }`
  const value = layout.isBoolean && !vector ? 'select(0u, 1u, value != 0u)' : 'value'
  const put = `fn ${name}_put(i: u32, value: ${name}_element) { ${name}[i] = ${value}; }`
  const canPut = (vector !== undefined || layout.bits === 32) && one.isSameAs === undefined
  return [...(body.includes(`${name}_at(`) ? [at] : []), ...(canPut && body.includes(`${name}_put(`) ? [put] : [])]
}

function load(one: Declared, declared: readonly Declared[]): string {
  const { name, layout, vector, isSameAs } = one
  const target = isSameAs === undefined ? one : declared.find((other) => other.name === isSameAs)
  assert(target, `${name} shares the place of ${isSameAs}, which is not there`)
  const word = (index: string) => {
    const element = `${target.name}[${index}]`
    return elementType(target) === elementType(one) ? element : `bitcast<${elementType(one)}>(${element})`
  }
  if (vector || layout.bits === 32) return word('i')
  const perWord = 32 / layout.bits
  const bits = layout.scalar === 'i32' ? `bitcast<i32>(${word(`i / ${perWord}u`)})` : word(`i / ${perWord}u`)
  return `extractBits(${bits}, (i % ${perWord}u) * ${layout.bits}u, ${layout.bits}u)`
}

/** A variable that is another one under a second name: the name is replaced where the types are the same. */
function mergeVariable(code: string, one: Declared, declared: readonly Declared[]): string {
  const target = declared.find(({ name }) => name === one.isSameAs)
  if (!target || elementType(target) !== elementType(one)) return code
  return code.replaceAll(new RegExp(`\\b${one.name}\\[`, 'g'), `${target.name}[`)
}

interface List {
  readonly values: readonly number[]
  readonly scalar: DeviceScalar
}

const vectors = (values: readonly number[]): number => Math.max(1, Math.ceil(values.length / 4))

function split(sizes: Readonly<Record<string, Size>>) {
  const scalars: [string, Exclude<Size, { list: unknown } | { signedList: unknown }>][] = []
  const lists: [string, List][] = []
  for (const [name, size] of Object.entries(sizes)) {
    if (typeof size === 'object' && 'list' in size) lists.push([name, { values: size.list, scalar: 'u32' }])
    else if (typeof size === 'object' && 'signedList' in size) {
      lists.push([name, { values: size.signedList, scalar: 'i32' }])
    } else if (typeof size === 'object' && 'floatList' in size) {
      lists.push([name, { values: [...new Int32Array(Float32Array.from(size.floatList).buffer)], scalar: 'f32' }])
    } else scalars.push([name, size])
  }
  return { scalars, lists }
}

function declareSizes(sizes: Readonly<Record<string, Size>>): string[] {
  const { scalars, lists } = split(sizes)
  if (scalars.length + lists.length === 0) return []
  const typeOf = (size: Size) =>
    typeof size === 'object' && 'f32' in size ? 'f32' : typeof size === 'object' && 'i32' in size ? 'i32' : 'u32'
  const padding = lists.length > 0 ? (4 - (scalars.length % 4)) % 4 : 0
  return [
    'struct Sizes {',
    ...scalars.map(([name, size]) => `  ${name}: ${typeOf(size)},`),
    ...Array.from({ length: padding }, (_, i) => `  padding${i}: u32,`),
    ...lists.map(([name, { values, scalar }]) => `  ${name}_list: array<vec4<${scalar}>, ${vectors(values)}>,`),
    '}',
    '@group(1) @binding(0) var<uniform> sizes: Sizes;',
    ...lists.map(
      ([name, { scalar }]) => `fn ${name}(k: u32) -> ${scalar} { return sizes.${name}_list[k / 4u][k % 4u]; }`,
    ),
  ]
}

function putScalar(view: DataView, at: number, size: Size): void {
  if (typeof size === 'number') {
    assert(Number.isInteger(size) && size >= 0 && size <= 0xffffffff, `a size of ${size}`)
    view.setUint32(at, size, true)
  } else if ('f32' in size) view.setFloat32(at, size.f32, true)
  else if ('i32' in size) view.setInt32(at, size.i32, true)
}

function literal(value: Constant): string {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return `${value}u`
  if ('i32' in value) return `${value.i32}i`
  return `${Number.isInteger(value.f32) ? value.f32.toFixed(1) : String(Math.fround(value.f32))}f`
}
