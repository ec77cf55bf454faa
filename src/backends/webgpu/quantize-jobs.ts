/** How elements are shared out to invocations that loop, and the exact ranges that these find. */
import type { ChannelLayout } from '../backend'
import { floatsOf } from '../observe'
import { WORDS, type Binding, type Job, type QuantizeRunner } from './quantize-runner'

/** Invocations that loops over elements are shared out to. Software runs one after the other: fewer have less to merge. */
const INVOCATIONS = { software: 256, hardware: 1 << 16 }
/** Parts that one invocation merges. */
const MERGED = 64

export interface Share {
  readonly layout: ChannelLayout
  readonly parts: number
  readonly invocations: number
  readonly sizes: Readonly<Record<string, number>>
}

/** Cuts channels into parts until every invocation has one, along `outer` where it is long enough. */
export function shareOf(layout: ChannelLayout, isSoftware: boolean): Share {
  const { outer, channels, inner } = layout
  const wanted = Math.ceil((isSoftware ? INVOCATIONS.software : INVOCATIONS.hardware) / channels)
  const outerParts = Math.max(1, Math.min(outer, wanted))
  const innerParts = Math.max(1, Math.min(inner, Math.floor(wanted / outerParts)))
  const parts = outerParts * innerParts
  // neighbours in memory go to neighbouring invocations: channels where they are the last axis
  const steps = inner === 1 ? { channel_step: 1, part_step: channels } : { channel_step: parts, part_step: 1 }
  const sizes = { outer, channels, inner, outer_parts: outerParts, inner_parts: innerParts, ...steps }
  return { layout, parts, invocations: parts * channels, sizes }
}

/** How many parts become how many, until one is left. */
export function* mergesOf(parts: number): Generator<readonly [number, number]> {
  for (let left = parts; left > 1; left = Math.ceil(left / MERGED)) yield [left, Math.ceil(left / MERGED)]
}

/**
 * Jobs after which `ranges` holds u32 [3, channels]: keys of minima and maxima, index of the first element of x that is not
 * finite.
 */
export async function rangeJobs(
  runner: QuantizeRunner,
  x: Binding,
  start: number,
  share: Share,
): Promise<{ jobs: readonly Job[]; ranges: GPUBuffer }> {
  const { channels } = share.layout
  let ranges = await runner.buffer('ranges', 12 * share.parts * channels)
  const binding = (name: string, buffer: GPUBuffer): Binding => ({ name, layout: WORDS, buffer })
  const jobs: Job[] = [
    {
      ...{ shader: 'min-max', storage: [x, binding('ranges', ranges)] },
      ...{ sizes: { ...share.sizes, start }, invocations: share.invocations },
    },
  ]
  for (const [parts, mergedParts] of mergesOf(share.parts)) {
    const merged = await runner.buffer(`ranges of ${jobs.length}`, 12 * mergedParts * channels)
    const storage = [binding('ranges', ranges), binding('merged', merged)]
    const sizes = { parts, merged_parts: mergedParts, channels }
    jobs.push({ shader: 'min-max-merge', storage, sizes, invocations: mergedParts * channels })
    ranges = merged
  }
  return { jobs, ranges }
}

/** What the words of `rangeJobs` say. Ranges mean nothing unless `first`, the flat index in x, is -1. */
export function rangesOf(bytes: Uint8Array<ArrayBuffer>): { min: Float32Array; max: Float32Array; first: number } {
  const words = new Uint32Array(bytes.buffer)
  const channels = words.length / 3
  const first = words.subarray(2 * channels).reduce((least, index) => Math.min(least, index), NONE)
  return {
    min: floatsOf(words.subarray(0, channels)),
    max: floatsOf(words.subarray(channels, 2 * channels)),
    first: first === NONE ? -1 : first,
  }
}

const NONE = 0xffffffff
