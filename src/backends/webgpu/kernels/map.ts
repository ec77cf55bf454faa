/** Formulas of float32, element by element. */
import { elementCount } from '../../../core/dtypes'
import type { Expression, MapCall, Operand } from '../../kernel-calls'
import type { Dispatch, DeviceFacts, Kernel, Storage } from '../dispatch'
import { formulaSlot } from '../expressions'
import { packSizes, sizesOf } from '../shader'
import { broadcastOf, broadcastSizes, indexOf, inVectors, type Access, type Broadcast } from './broadcast'

/** What a dispatch may read as `sizes`: the distance of uniforms in a buffer. */
const SIZES_BYTES = 256

const canHold = ({ dtype }: Operand): boolean => dtype === 'float32' || dtype === 'bool'

export const map: Kernel<MapCall> = {
  supports(call, facts) {
    const { inputs, output } = call
    if (![...inputs, output].every(canHold) || !fitsBindings(call, facts)) return false
    return packSizes(sizesOf(encode(call, facts))).byteLength <= SIZES_BYTES
  },
  encode: (call, facts) => [encode(call, facts)],
}

/** Every input is a binding; `others`: the output, and what tells faults. */
export function fitsBindings(
  { inputs }: { readonly inputs: readonly Operand[] },
  { limits }: DeviceFacts,
  others = 1,
): boolean {
  return new Set(inputs).size + others <= limits.maxStorageBuffersPerShaderStage
}

/** Functions of a hundred operations; four copies of them take SwiftShader 200 ms to compile. */
const LONG = new Set<string>(['pow', 'sin', 'cos'])

const isLong = (one: Expression): boolean => {
  if ('unary' in one) return LONG.has(one.unary) || isLong(one.of)
  if ('binary' in one) return LONG.has(one.binary) || isLong(one.left) || isLong(one.right)
  return 'select' in one && (isLong(one.select) || isLong(one.then) || isLong(one.otherwise))
}

function encode(call: MapCall, { isSoftware }: DeviceFacts): Dispatch {
  const { output } = call
  const inputs = [...new Set(call.inputs)]
  const broadcast = broadcastOf(inputs, output)
  const inFours = inVectors(broadcast)
  const isFloat = [...inputs, output].every(({ dtype }) => dtype === 'float32')
  const isScalar = !isFloat || (isSoftware && isLong(call.expression))
  return !isScalar && inFours ? vectors(call, inputs, inFours) : elements(call, inputs, broadcast)
}

const argumentsOf = (call: MapCall, inputs: readonly Operand[], write: (input: number) => string): string =>
  call.inputs.map((operand) => write(inputs.indexOf(operand))).join(', ')

function elements(call: MapCall, inputs: readonly Operand[], broadcast: Broadcast): Dispatch {
  const { slots, sizes } = formulaSlot(call.expression, call.inputs.length)
  const { sizes: places, constants } = broadcastSizes(broadcast)
  const value = (k: number) => `f32(x${k}_at(${indexOf(broadcast.accesses[k] as Access)}))`
  const result = `formula(${argumentsOf(call, inputs, value)})`
  // not "!= 0": NaN is true, and a shader may take it for unordered
  const isBool = call.output.dtype === 'bool'
  return {
    shader: 'map',
    storage: storageOf(inputs, call.output),
    sizes: { ...sizes, ...places },
    constants,
    slots: { ...slots, result: `  return ${isBool ? `select(1u, 0u, ${result} == 0.0)` : result};` },
    grid: { invocations: elementCount(call.output.shape) },
  }
}

function vectors(call: MapCall, inputs: readonly Operand[], broadcast: Broadcast): Dispatch {
  const { slots, sizes } = formulaSlot(call.expression, call.inputs.length)
  const { sizes: places, constants } = broadcastSizes(broadcast)
  const isSplat = broadcast.accesses.map(
    (access) => access.type === 'scalar' || (access.type === 'strided' && access.isColumn),
  )
  const lines = broadcast.accesses.map((access, k) => {
    const value = `x${k}_at(${indexOf(access)})`
    return `  let v${k} = ${isSplat[k] ? `vec4<f32>(${value})` : value};`
  })
  const lane = (name: string) => `formula(${argumentsOf(call, inputs, (k) => `v${k}.${name}`)})`
  return {
    shader: 'map-vector',
    storage: storageOf(
      inputs,
      call.output,
      isSplat.map((splat) => !splat),
    ),
    sizes: { ...sizes, ...places },
    constants,
    slots: {
      ...slots,
      inputs: lines.join('\n'),
      result: `  y_put(i, vec4<f32>(${['x', 'y', 'z', 'w'].map(lane).join(', ')}));`,
    },
    grid: { invocations: elementCount(call.output.shape) / 4 },
  }
}

/** x0, x1, … and y; `areVectors` for each input where y is one of vectors. */
export const storageOf = (
  inputs: readonly Operand[],
  output: Operand,
  areVectors?: readonly boolean[],
): readonly Storage[] => [
  ...inputs.map((of, k): Storage => ({ name: `x${k}`, of, ...(areVectors?.[k] && { vector: 4 }) })),
  { name: 'y', of: output, ...(areVectors && { vector: 4 }) },
]
