import type { LayerKind } from '../../core/layer-rules'
import type { Layer } from '../../methods/method'
import { joinRules, rulesFor } from './rules'
import { rulesOf, withRules } from './specs'
import { isQuantized, type LayerNoise, type ScoredTrial, type TrialRunner, type TrialSpec } from './trial'

/** Shares of the predicted noise that are left when the most sensitive layers are spared. */
const NOISE_LEFT = [0.5, 0.25, 0.1, 0.03]

/**
 * Static trials whose most sensitive layers are spared: in 16 bits, which costs next to no bytes, so the noisiest; and in
 * float, so those whose noise costs least bytes to be rid of.
 * @param noises of the layers of `base`, each quantized alone
 */
export function sparingSpecs(base: ScoredTrial, noises: readonly LayerNoise[]): TrialSpec[] {
  const byNoise = [...noises].sort((a, b) => b.noise - a.noise)
  const perByte = ({ noise, savedBytes }: LayerNoise) => noise / Math.max(1, savedBytes)
  const byPrice = [...noises].sort((a, b) => perByte(b) - perByte(a))
  const in16 = prefixes(byNoise).map((layers) => ({ ...mixedSpec(base, layers, '16'), use: 'fallback' as const }))
  const inFloat = prefixes(byPrice).map((layers) => mixedSpec(base, layers, 'float'))
  return in16.flatMap((spec, i) => [spec, ...inFloat.slice(i, i + 1)]).concat(inFloat.slice(in16.length))
}

/** First layers, as many as leave a share of the noise; not all of them. */
function prefixes(noises: readonly LayerNoise[]): LayerNoise[][] {
  const total = noises.reduce((sum, { noise }) => sum + noise, 0)
  const counts = new Set<number>()
  for (const share of total > 0 ? NOISE_LEFT : []) {
    let left = total
    let count = 0
    while (count < noises.length && left > share * total) left -= (noises[count++] as LayerNoise).noise
    if (count > 0 && count < noises.length) counts.add(count)
  }
  return [...counts].map((count) => noises.slice(0, count))
}

/** Shares of the bytes that 4-bit weights can save, for trials beyond the one that a size asks for. */
const SAVED_SHARES = [0.5, 1]

/**
 * Static trials whose least sensitive layers have weights of 4 bits.
 * @param noises of the layers of `base`, each in 4 bits alone
 * @param sizeBytes the size to come down to; without it, some points on the way
 */
export function shrinkingSpecs(
  base: ScoredTrial,
  noises: readonly LayerNoise[],
  sizeBytes: number | undefined,
): TrialSpec[] {
  const cheap = noises
    .map((layer) => ({ ...layer, savedBytes: layer.savedBytes - savedOf(base.layers, layer.name) }))
    .filter(({ savedBytes }) => savedBytes > 0)
    .sort((a, b) => a.noise / a.savedBytes - b.noise / b.savedBytes)
  const total = cheap.reduce((sum, { savedBytes }) => sum + savedBytes, 0)
  const wishes = SAVED_SHARES.map((share) => share * total)
  if (sizeBytes !== undefined) wishes.unshift(base.sizeBytes - sizeBytes, 1.1 * (base.sizeBytes - sizeBytes))
  const counts = new Set<number>()
  for (const wish of wishes) {
    if (!(wish > 0)) continue
    let saved = 0
    let count = 0
    while (count < cheap.length && saved < wish) saved += (cheap[count++] as LayerNoise).savedBytes
    counts.add(count)
  }
  return [...counts]
    .filter((count) => count > 0)
    .map((count) => ({ ...mixedSpec(base, cheap.slice(0, count), '4'), use: 'size' as const }))
}

/** What the base saves of a layer already. */
function savedOf(layers: readonly Layer[], name: string): number {
  const layer = layers.find((one) => one.name === name)
  return layer ? layer.sizeBeforeBytes - layer.sizeAfterBytes : 0
}

const KIND_NAMES: Readonly<Record<LayerKind, string>> = {
  float: 'in float',
  '16': 'in 16 bits',
  '8': 'in 8 bits',
  '4': 'with 4-bit weights',
}

/** @param what the layers in words; default: how many they are */
export function mixedSpec(
  base: ScoredTrial,
  layers: readonly { readonly name: string; readonly opType: string }[],
  kind: LayerKind,
  what = `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`,
): TrialSpec {
  const rules = joinRules(rulesFor(layers, kind, base.layers), rulesOf(base))
  return withRules(base, rules, `${base.name}, ${what} ${KIND_NAMES[kind]}`)
}

/** Scans the base and makes the trials that its layers suggest, within what is left. */
export async function spareLayers(runner: TrialRunner, base: ScoredTrial, most: number): Promise<ScoredTrial[]> {
  if (most < 1 || base.layers.filter(isQuantized).length < 2) return []
  return runAll(runner, sparingSpecs(base, await runner.scan(base, '8')), most)
}

export async function shrinkLayers(
  runner: TrialRunner,
  base: ScoredTrial,
  sizeBytes: number | undefined,
  most: number,
): Promise<ScoredTrial[]> {
  if (most < 1 || base.layers.filter(isQuantized).length < 1) return []
  return runAll(runner, shrinkingSpecs(base, await runner.scan(base, '4'), sizeBytes), most)
}

async function runAll(runner: TrialRunner, specs: readonly TrialSpec[], most: number): Promise<ScoredTrial[]> {
  const made: ScoredTrial[] = []
  for (const spec of specs.slice(0, Math.min(most, runner.left))) {
    const trial = await runner.run(spec)
    if (trial) made.push(trial)
  }
  return made
}
