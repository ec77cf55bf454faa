import * as v from 'valibot'
import { crc32 } from '../../core/crc32'
import { decodeBase64Url, encodeBase64Url } from './base64url'
import { R1_DEFAULTS, type StepOptions } from './r1-defaults'
import type { Shared, SharedFile, SharedLayer, SharedResult } from './schema'
import { packRanges, unpackRanges, WireRangesSchema } from './wire-ranges'

/**
 * The JSON inside a link: the same as `Shared`, in few characters. docs/share-link.md explains every key. Lists are
 * positional, hashes are base64url, options at their frozen defaults are left out, layers are columns.
 */
const scalar = v.union([v.string(), v.number(), v.boolean()])
const maybe = v.nullable(v.number())
const list = <T extends v.GenericSchema>(item: T, max: number) => v.pipe(v.array(item), v.maxLength(max))
const layers = <T extends v.GenericSchema>(item: T) => list(item, 2000)
const options = v.record(v.string(), v.nullable(scalar))
/** format, bytes, sha256, bytes after gzip where known */
const file = v.union([
  v.strictTuple([v.string(), v.number(), v.string()]),
  v.strictTuple([v.string(), v.number(), v.string(), v.number()]),
])

export const WireSchema = v.strictObject({
  a: v.string(),
  r: v.optional(v.union([v.string(), v.literal(0)])),
  n: v.optional(v.string()),
  d: v.optional(v.string()),
  s: v.optional(v.number()),
  m: list(
    v.union([v.string(), v.strictTuple([v.string(), options]), v.strictTuple([v.string(), options, v.literal(1)])]),
    32,
  ),
  e: v.optional(
    list(
      v.strictObject({
        r: v.picklist([0, 1]),
        h: v.string(),
        n: v.number(),
        p: v.optional(v.string()),
        s: v.optional(list(v.string(), 64)),
      }),
      8,
    ),
  ),
  b: v.optional(list(WireRangesSchema, 32)),
  w: v.optional(list(v.string(), 512)),
  i: v.optional(file),
  o: v.optional(file),
  u: v.optional(v.literal(1)),
  q: v.optional(v.strictTuple([v.picklist([0, 1, 2]), v.number(), maybe, maybe])),
  g: v.optional(v.number()),
  z: v.optional(v.string()),
  k: v.optional(
    v.strictTuple([v.picklist([0, 1]), v.number(), v.number(), v.number(), v.strictTuple([v.number(), v.number()])]),
  ),
  p: v.optional(list(v.strictTuple([v.string(), v.picklist([0, 1]), maybe, maybe]), 16)),
  t: v.optional(list(v.strictTuple([v.string(), v.number(), v.number()]), 16)),
  L: v.optional(v.number()),
  /** kinds `from>to`; then by layer: number of the kind, bytes before, bytes after, dB, name */
  l: v.optional(
    v.union([
      v.strictTuple([layers(v.string()), layers(v.number()), layers(v.number()), layers(v.number()), layers(maybe)]),
      v.strictTuple([
        layers(v.string()),
        layers(v.number()),
        layers(v.number()),
        layers(v.number()),
        layers(maybe),
        layers(v.string()),
      ]),
    ]),
  ),
  c: v.number(),
})

type Wire = v.InferOutput<typeof WireSchema>
const DATA_KINDS = ['user', 'synthetic', 'weights-only'] as const
const METRICS = ['accuracy', 'nll'] as const
const ROLES = ['calibrate', 'test'] as const

/** The JSON text of a link. */
export function packShared(shared: Shared): string {
  const { app, recipe, withheld, name, device, result } = shared
  const wire: Omit<Wire, 'c'> = {
    a: app,
    ...(recipe.app !== app && { r: recipe.app ?? (0 as const) }),
    ...(name !== undefined && { n: name }),
    ...(device !== undefined && { d: device }),
    ...(recipe.seed !== 0 && { s: recipe.seed }),
    m: recipe.steps.map(packStep),
    ...(recipe.steps.some(({ ranges }) => ranges) && {
      b: recipe.steps.flatMap(({ ranges }, index) => (ranges ? [packRanges(index, ranges, packHash)] : [])),
    }),
    ...(recipe.data && {
      e: recipe.data.map(({ role, sha256, samples, preprocess, state }) => ({
        r: ROLES.indexOf(role) as 0 | 1,
        h: packHash(sha256),
        n: samples,
        ...(preprocess !== undefined && { p: preprocess }),
        ...(state && { s: state }),
      })),
    }),
    ...(withheld.length > 0 && { w: withheld }),
    ...(result && packResult(result)),
  }
  return JSON.stringify({ ...wire, c: checksum(wire) })
}

/** Tells a mistyped or damaged link from a whole one; it is no protection against somebody who wants to deceive. */
export function checksum(wire: object): number {
  return crc32(new TextEncoder().encode(JSON.stringify(wire)))
}

function packStep({ method, options }: Shared['recipe']['steps'][number]): Wire['m'][number] {
  const base = Object.hasOwn(R1_DEFAULTS, method) ? (R1_DEFAULTS[method] as StepOptions) : undefined
  if (!base) return [method, options, 1]
  const changes: Record<string, string | number | boolean | null> = {}
  for (const [key, value] of Object.entries(base)) {
    if (!Object.hasOwn(options, key)) changes[key] = null
    else if (options[key] !== value) changes[key] = options[key] as string
  }
  for (const [key, value] of Object.entries(options)) if (!Object.hasOwn(base, key)) changes[key] = value
  if (Object.keys(changes).length === 0) return method
  const isExactShorter = JSON.stringify(options).length < JSON.stringify(changes).length
  return isExactShorter ? [method, options, 1] : [method, changes]
}

function unpackStep(step: Wire['m'][number]): { method: string; options: Record<string, unknown> } {
  const [method, changes, isExact] = typeof step === 'string' ? [step, {}] : step
  const isListed = Object.hasOwn(R1_DEFAULTS, method)
  const all = { ...(isListed && isExact !== 1 && R1_DEFAULTS[method]), ...changes }
  return { method, options: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) }
}

function packResult({ input, output, quality, speed, layers, layersTotal }: SharedResult): Partial<Wire> {
  const { data, samples, sqnrDb, cosine, top1Agreement, preprocess, task, providers } = quality
  return {
    i: packFile(input),
    o: packFile(output),
    ...(output.isOriginal && { u: 1 }),
    q: [DATA_KINDS.indexOf(data) as 0 | 1 | 2, samples, sqnrDb, cosine],
    ...(top1Agreement !== undefined && { g: top1Agreement }),
    ...(preprocess !== undefined && { z: preprocess }),
    ...(task && { k: [METRICS.indexOf(task.metric) as 0 | 1, task.before, task.after, task.drop, task.ci95] }),
    ...(providers.length > 0 && { p: providers.map((p) => [p.name, p.ok ? 1 : 0, p.maxAbsError, p.cosine]) }),
    ...(speed.length > 0 && { t: speed.map((s) => [s.provider, s.beforeMs, s.afterMs]) }),
    ...(layersTotal > 0 && { L: layersTotal }),
    ...(layers.length > 0 && { l: packLayers(layers) }),
  }
}

function packLayers(layers: readonly SharedLayer[]): NonNullable<Wire['l']> {
  const all = layers.map(({ from, to }) => `${from}>${to}`)
  const kinds = [...new Set(all)]
  const columns: [string[], number[], number[], number[], (number | null)[]] = [
    kinds,
    all.map((kind) => kinds.indexOf(kind)),
    layers.map((layer) => layer.sizeBeforeBytes),
    layers.map((layer) => layer.sizeAfterBytes),
    layers.map((layer) => layer.sqnrDb),
  ]
  if (layers.every(({ name }) => name === undefined)) return columns
  return [...columns, layers.map(({ name }) => name ?? '')]
}

/** @throws Error where columns differ in length or a hash is none */
export function unpackShared(wire: Wire): unknown {
  const { a, r, n, d, s, m, b = [], e, w } = wire
  const ranges = new Map(b.map((entry) => [entry[0], unpackRanges(entry, unpackHash)]))
  if (ranges.size < b.length || b.some(([step]) => !m[step])) throw new Error('ranges belong to one step each')
  const result = unpackResult(wire)
  const recipeApp = r === undefined ? a : r === 0 ? undefined : r
  return {
    version: 1,
    app: a,
    recipe: {
      version: 1,
      ...(recipeApp !== undefined && { app: recipeApp }),
      seed: s ?? 0,
      steps: m.map((step, index) => {
        const found = ranges.get(index)
        return { ...unpackStep(step), ...(found && { ranges: found }) }
      }),
      ...(e && {
        data: e.map((entry) => ({
          role: ROLES[entry.r],
          sha256: unpackHash(entry.h),
          samples: entry.n,
          ...(entry.p !== undefined && { preprocess: entry.p }),
          ...(entry.s && { state: entry.s }),
        })),
      }),
    },
    withheld: w ?? [],
    ...(n !== undefined && { name: n }),
    ...(d !== undefined && { device: d }),
    ...(result && { result }),
  }
}

function unpackResult(wire: Wire): object | undefined {
  const { i, o, u, q, g, z, k, p, t, L, l } = wire
  const parts = { i, o, u, q, g, z, k, p, t, L, l }
  if (!i || !o || !q) {
    const stray = Object.entries(parts).find(([, value]) => value !== undefined)
    if (stray) throw new Error(`"${stray[0]}" needs i, o and q beside it`)
    return undefined
  }
  return {
    input: unpackFile(i),
    output: { ...unpackFile(o), isOriginal: u === 1 },
    quality: {
      data: DATA_KINDS[q[0]],
      samples: q[1],
      ...(z !== undefined && { preprocess: z }),
      sqnrDb: q[2],
      cosine: q[3],
      ...(g !== undefined && { top1Agreement: g }),
      ...(k && { task: { metric: METRICS[k[0]], before: k[1], after: k[2], drop: k[3], ci95: k[4] } }),
      providers: (p ?? []).map(([name, ok, maxAbsError, cosine]) => ({ name, maxAbsError, cosine, ok: ok === 1 })),
    },
    speed: (t ?? []).map(([provider, beforeMs, afterMs]) => ({ provider, beforeMs, afterMs })),
    layers: l ? unpackLayers(l) : [],
    layersTotal: L ?? 0,
  }
}

function unpackLayers([kinds, numbers, before, after, db, names]: NonNullable<Wire['l']>): unknown[] {
  if ([before, after, db, names ?? db].some((column) => column.length !== numbers.length)) {
    throw new Error('the columns of the layers differ in length')
  }
  return numbers.map((number, index) => {
    const [from, to] = (kinds[number] ?? '').split('>')
    const name = names?.[index]
    return {
      ...(name && { name }),
      from,
      to,
      sizeBeforeBytes: before[index],
      sizeAfterBytes: after[index],
      sqnrDb: db[index],
    }
  })
}

const packFile = ({ format, sizeBytes, sha256, gzipBytes }: SharedFile): NonNullable<Wire['i']> =>
  gzipBytes === undefined ? [format, sizeBytes, packHash(sha256)] : [format, sizeBytes, packHash(sha256), gzipBytes]

const unpackFile = ([format, sizeBytes, hash, gzipBytes]: NonNullable<Wire['i']>) => ({
  format,
  sizeBytes,
  ...(gzipBytes !== undefined && { gzipBytes }),
  sha256: unpackHash(hash),
})

/** 43 characters instead of 64. */
function packHash(hex: string): string {
  return encodeBase64Url(Uint8Array.from({ length: 32 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16)))
}

function unpackHash(text: string): string {
  const decoded = text.length === 43 ? decodeBase64Url(text) : null
  if (!decoded?.ok) throw new Error('a hash is not 32 bytes')
  return Array.from(decoded.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
