/** Conversions of elements; the rules are those of src/ops/convert.ts. */
import { deviceLayout, type DeviceLayout } from '../../../core/device-layout'
import { bitsOf, elementCount, type KnownDType } from '../../../core/dtypes'
import { isFloat } from '../../../core/host-array'
import { isMinifloat, minifloatForm, type MinifloatForm } from '../../../core/minifloat'
import type { CastCall } from '../../kernel-calls'
import type { Dispatch, Kernel, Size } from '../dispatch'

export const cast: Kernel<CastCall> = {
  supports: ({ input, output }) => deviceLayout(input.dtype) !== undefined && deviceLayout(output.dtype) !== undefined,
  encode: (call) => [encode(call)],
}

function encode(call: CastCall): Dispatch {
  const { input, output } = call
  const to = call.rounds?.to ?? output.dtype
  const [from, into] = [input, output].map(({ dtype }) => deviceLayout(dtype)) as [DeviceLayout, DeviceLayout]
  const value = conversion({ from, into, to, isIntoFloat: isFloat(to) })
  return {
    shader: into.isNarrowed ? 'cast-narrowed' : 'cast',
    storage: [
      { name: 'x', of: input },
      { name: 'y', of: output },
    ],
    sizes: into.isNarrowed ? {} : roundingSizes(to, call.rounds),
    slots: { result: `  return ${value};` },
    grid: { invocations: elementCount(output.shape) },
  }
}

interface Conversion {
  readonly from: DeviceLayout
  readonly into: DeviceLayout
  readonly to: KnownDType
  readonly isIntoFloat: boolean
}

function conversion({ from, into, to, isIntoFloat }: Conversion): string {
  const x = 'x_at(i)'
  if (isIntoFloat) return rounded(to, from)
  if (from.scalar === 'f32') return fromFloat(into, to)
  if (into.isBoolean) return `select(0u, 1u, ${x} != 0)`
  if (into.isNarrowed && into.scalar !== from.scalar) {
    if (into.scalar === 'u32') return `signed_to_unsigned(${x})`
    return from.bits === 32 && !from.isBoolean ? `unsigned_to_signed(${x})` : `i32(${x})`
  }
  return wrapped(`${into.scalar}(${x})`, to)
}

function fromFloat(into: DeviceLayout, to: KnownDType): string {
  const x = 'x_at(i)'
  if (into.isBoolean) return `is_not_zero(${x})`
  if (into.isNarrowed) return `${into.scalar === 'i32' ? 'narrowed_signed' : 'narrowed_unsigned'}(${x})`
  const isCutUnsigned = into.scalar === 'u32' && (bitsOf(to) as number) >= 8
  return wrapped(`${into.scalar}(${isCutUnsigned ? 'cut_unsigned' : 'cut_signed'}(${x}))`, to)
}

/** High bits fall away. */
function wrapped(value: string, to: KnownDType): string {
  const bits = bitsOf(to) as number
  return bits < 32 ? `extractBits(${value}, 0u, ${bits}u)` : value
}

function rounded(to: KnownDType, from: DeviceLayout): string {
  const x = { f32: 'x_at(i)', i32: 'f32(x_at(i))', u32: 'float_of(x_at(i))' }[from.scalar]
  if (to !== 'float8e8m0' || from.scalar === 'f32') return roundedTo(to, x)
  // negative numbers have no power
  const isNegative = from.scalar === 'i32' ? 'x_at(i) < 0' : 'false'
  return `round_power(select(towards_float(u32(x_at(i))), -1.0, ${isNegative}))`
}

/** A float32 formula, rounded to a float type by round.wgsl; `roundingSizes` says how. */
export function roundedTo(to: KnownDType, x: string): string {
  if (to === 'float32') return x
  if (to === 'bfloat16') return `round_bfloat16(${x})`
  return to === 'float8e8m0' ? `round_power(${x})` : `round_float(${x})`
}

const NAN_BITS = 0x7fc00000
const INFINITY_BITS = 0x7f800000
const MODES = ['up', 'down', 'nearest'] as const

/** What round.wgsl reads. */
export function roundingSizes(to: KnownDType, rounds: CastCall['rounds']): Readonly<Record<string, Size>> {
  const { saturates = true, rounding = 'up' } = rounds ?? {}
  const form = formOf(to)
  const largest = bitsOfFloat(form.largest)
  const beyond =
    saturates && to !== 'float16' ? largest : { infinite: INFINITY_BITS, nan: NAN_BITS, largest }[form.beyond]
  return {
    fraction_bits: form.fractionBits,
    least_exponent: { i32: form.leastExponent },
    largest,
    beyond,
    // float4e2m1 has no NaN: ONNX's own tests have -0
    of_nan: to === 'float4e2m1' ? 0x80000000 : NAN_BITS,
    has_zeros: Number(form.hasNegativeZero),
    saturates: Number(saturates),
    rounding: MODES.indexOf(rounding),
  }
}

const HALF: MinifloatForm = {
  fractionBits: 10,
  leastExponent: -14,
  largest: 65504,
  beyond: 'infinite',
  hasNegativeZero: true,
}

const formOf = (to: KnownDType): MinifloatForm => (isMinifloat(to) ? minifloatForm(to) : HALF)

const bitsOfFloat = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] as number
