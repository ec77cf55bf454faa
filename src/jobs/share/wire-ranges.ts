import * as v from 'valibot'
import type { Recipe } from '../recipe'
import { decodeBase64Url, encodeBase64Url } from './base64url'
import type { Shared } from './schema'

export type StepRanges = NonNullable<Recipe['steps'][number]['ranges']>

/** The most values of a step whose ranges a link takes. */
export const MAX_RANGES = 4096

/**
 * Ranges of a step: its index, where they were observed, samples, names of the values, and their bounds, minimum and
 * maximum in turn, as base64url of little-endian float32 where these hold them exactly, else float64; then the model's hash.
 */
const text = v.string()
const names = v.pipe(v.array(text), v.maxLength(MAX_RANGES))
export const WireRangesSchema = v.union([
  v.strictTuple([v.number(), text, v.number(), names, text]),
  v.strictTuple([v.number(), text, v.number(), names, text, text]),
])

type WireRanges = v.InferOutput<typeof WireRangesSchema>

export function packRanges(step: number, ranges: StepRanges, packHash: (hex: string) => string): WireRanges {
  const { model, machine, samples, values } = ranges
  const wire = [step, machine, samples, Object.keys(values), packBounds(Object.values(values).flat())] as const
  return model === undefined ? [...wire] : [...wire, packHash(model)]
}

/** @throws Error where there are not two bounds a name, or a name comes twice */
export function unpackRanges(wire: WireRanges, unpackHash: (text: string) => string): StepRanges {
  const [, machine, samples, names, packed, model] = wire
  const bounds = unpackBounds(packed, 2 * names.length)
  if (new Set(names).size < names.length) throw new Error('a value has two ranges')
  return {
    ...(model !== undefined && { model: unpackHash(model) }),
    machine,
    samples,
    values: Object.fromEntries(names.map((name, i) => [name, [bounds[2 * i], bounds[2 * i + 1]] as [number, number]])),
  }
}

function packBounds(bounds: readonly number[]): string {
  const isSingle = bounds.every((bound) => Object.is(Math.fround(bound), bound))
  const view = new DataView(new ArrayBuffer(bounds.length * (isSingle ? 4 : 8)))
  bounds.forEach((bound, i) => (isSingle ? view.setFloat32(4 * i, bound, true) : view.setFloat64(8 * i, bound, true)))
  return encodeBase64Url(new Uint8Array(view.buffer))
}

function unpackBounds(text: string, count: number): number[] {
  const decoded = decodeBase64Url(text)
  if (!decoded.ok) throw new Error('ranges are not base64url')
  const { buffer, byteLength } = decoded.bytes
  const width = count === 0 ? 4 : byteLength / count
  if (width !== 4 && width !== 8) throw new Error(`${count} bounds of ranges in ${byteLength} bytes`)
  const view = new DataView(buffer)
  return Array.from({ length: count }, (_, i) =>
    width === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true),
  )
}

/** The same without ranges, which are the longest part of a recipe by far; the same object where there are none. */
export function withoutRanges(shared: Shared): Shared {
  const { recipe, withheld } = shared
  const paths = recipe.steps.flatMap(({ ranges }, index) => (ranges ? [`steps.${index}.ranges`] : []))
  if (paths.length === 0) return shared
  const steps = recipe.steps.map(({ method, options }) => ({ method, options }))
  return { ...shared, recipe: { ...recipe, steps }, withheld: [...withheld, ...paths] }
}

/** Whether a run by it needs data, because ranges were left out. */
export const lacksRanges = ({ withheld }: Shared): boolean => withheld.some((path) => path.endsWith('.ranges'))
