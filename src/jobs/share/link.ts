import * as v from 'valibot'
import { UsageError } from '../../core/errors'
import { oneLine } from '../../core/one-line'
import { decodeBase64Url, encodeBase64Url } from './base64url'
import { deflateRaw, inflateRaw } from './deflate'
import { strongestFirst } from './layers'
import { LINK_PATTERN, TRAILING } from './link-text'
import type { LinkProblem } from './problem'
import { SharedSchema, type Shared, type SharedResult } from './schema'
import { checksum, packShared, unpackShared, WireSchema } from './wire'
import { withoutRanges } from './wire-ranges'

export { describeProblem, type LinkProblem } from './problem'
export { isLinkText } from './link-text'

/** Links beyond this are cut by chats, mail programs and office documents. */
export const MAX_LINK_LENGTH = 1900
/** Nothing longer is looked at. */
export const MAX_TEXT_LENGTH = 65_536
/** Full links leave room for the address before the #. */
const MAX_FULL_LENGTH = 64_000
const MAX_JSON_BYTES = 256 * 1024

export interface EncodedLink {
  /** `#r1.…`, to stand behind the address of the page. */
  readonly text: string
  readonly keptLayers: number
  /** Layers of the report. */
  readonly totalLayers: number
  /** What else had to go, in this order, each only if needed. */
  readonly dropped: readonly Droppable[]
  /** Whether it is as short as asked for; the recipe itself is never cut. */
  readonly fits: boolean
}

/** Not among these: ranges, which go last of all, where nothing else made the link short enough to be read. */
const DROPPABLE = ['providers', 'speed', 'device', 'gzipBytes', 'name', 'task'] as const
export type Droppable = (typeof DROPPABLE)[number] | 'ranges'

/**
 * The link, at most 1,900 characters: layers of the smallest effect go first, then `DROPPABLE` in that order.
 * What is too long even for a full link loses the ranges of its recipe. `full`: all layers, up to what can be read back.
 * @throws UsageError where even the recipe alone is longer than any link that can be read back
 */
export async function encodeLink(shared: Shared, options: { full?: boolean } = {}): Promise<EncodedLink> {
  const limit = options.full ? MAX_FULL_LENGTH : MAX_LINK_LENGTH
  const order = strongestFirst(shared.result?.layers ?? [])
  const totalLayers = shared.result?.layersTotal ?? 0
  const done = (text: string, keptLayers: number, dropped: readonly Droppable[] = []) => {
    return { text, keptLayers, totalLayers, dropped, fits: text.length <= limit }
  }
  const all = await textOf(shared)
  if (all !== null && all.length <= limit) return done(all, order.length)

  // the greatest number of layers that fits; with none of them, other things go
  let [low, high] = [0, order.length]
  let best = await textOf(withLayers(shared, order, 0))
  if (best !== null && best.length <= limit) {
    while (high - low > 1) {
      const middle = (low + high) >> 1
      const text = await textOf(withLayers(shared, order, middle))
      if (text !== null && text.length <= limit) [low, best] = [middle, text]
      else high = middle
    }
    return done(best, low)
  }
  let less = withLayers(shared, order, 0)
  const dropped: Droppable[] = []
  for (const part of DROPPABLE) {
    const without = drop(less, part)
    if (without === less) continue
    less = without
    dropped.push(part)
    best = await textOf(less)
    if (best !== null && best.length <= limit) break
  }
  if (best !== null && best.length <= MAX_FULL_LENGTH) return done(best, 0, dropped)
  const rest = withoutRanges(shared)
  if (rest !== shared) {
    const link = await encodeLink(rest, options)
    return { ...link, dropped: ['ranges', ...link.dropped] }
  }
  throw new UsageError(
    `This recipe is too long for a link: more than ${MAX_FULL_LENGTH} characters. Share it as a JSON file.`,
  )
}

/** null: too large to be read back. */
async function textOf(shared: Shared): Promise<string | null> {
  const json = new TextEncoder().encode(packShared(shared))
  if (json.byteLength > MAX_JSON_BYTES) return null
  return `#r1.${encodeBase64Url(await deflateRaw(json))}`
}

function withLayers(shared: Shared, order: readonly number[], count: number): Shared {
  if (!shared.result) return shared
  const kept = new Set(order.slice(0, count))
  return { ...shared, result: { ...shared.result, layers: shared.result.layers.filter((_, i) => kept.has(i)) } }
}

/** The same object where there is nothing to drop. */
function drop(shared: Shared, part: Droppable): Shared {
  if (part === 'name' || part === 'device') {
    const { [part]: gone, ...rest } = shared
    return gone === undefined ? shared : rest
  }
  const { result } = shared
  if (!result) return shared
  const change = (changes: Partial<SharedResult>): Shared => ({ ...shared, result: { ...result, ...changes } })
  const { quality, input, output, speed } = result
  if (part === 'speed') return speed.length > 0 ? change({ speed: [] }) : shared
  if (part === 'providers') {
    return quality.providers.length > 0 ? change({ quality: { ...quality, providers: [] } }) : shared
  }
  if (part === 'task') {
    const { task, ...rest } = quality
    return task ? change({ quality: rest }) : shared
  }
  const { gzipBytes: before, ...smallInput } = input
  const { gzipBytes: after, ...smallOutput } = output
  return before === undefined && after === undefined ? shared : change({ input: smallInput, output: smallOutput })
}

export type DecodedLink =
  { readonly ok: true; readonly shared: Shared } | { readonly ok: false; readonly problem: LinkProblem }

/**
 * Reads a link: `#r1.…`, `r1.…`, a whole address, or a text with one of these in it. Whatever the text is, the answer is
 * contents that were checked field by field, or a problem; nothing is thrown, requested or run.
 */
export async function decodeLink(text: string): Promise<DecodedLink> {
  try {
    return await decode(text)
  } catch (error) {
    // e.g. the stack of JSON.stringify on what is nested a hundred thousand deep
    return refused({ kind: 'not-valid', detail: oneLine((error as Error).message, 200) })
  }
}

const refused = (problem: LinkProblem): DecodedLink => ({ ok: false, problem })

async function decode(text: string): Promise<DecodedLink> {
  if (text.length > MAX_TEXT_LENGTH) {
    return refused({ kind: 'too-long', detail: `${text.length} characters, at most ${MAX_TEXT_LENGTH} were expected` })
  }
  const found = LINK_PATTERN.exec(text)
  if (!found) return refused({ kind: 'no-link' })
  const [all, before = '', version = '', token = ''] = found
  if (version !== '1') return refused({ kind: 'newer', detail: `r${version}` })
  const start = found.index + before.length + 'r1.'.length
  const first = await decodePayload(token.replace(TRAILING, ''), start)
  if (first.ok || first.problem.kind !== 'damaged') return first
  // mail programs break long lines: what follows may belong to it
  const rest = text.slice(found.index + all.length).replace(TRAILING, '')
  if (!/^[\sA-Za-z0-9_-]+$/.test(rest) || rest.trim() === '') return first
  const joined = await decodePayload((token + rest).replace(/\s+/g, ''), start)
  return joined.ok ? joined : first
}

async function decodePayload(payload: string, start: number): Promise<DecodedLink> {
  if (payload === '') return refused({ kind: 'damaged', detail: 'nothing follows r1.' })
  const decoded = decodeBase64Url(payload)
  if (!decoded.ok) {
    if (decoded.kind === 'damaged') return refused({ kind: 'damaged', detail: 'its end is missing or changed' })
    const { position } = decoded
    const character = String.fromCodePoint(payload.codePointAt(position) ?? 0)
    return refused({ kind: 'alphabet', position: start + position + 1, detail: JSON.stringify(oneLine(character)) })
  }
  let bytes
  try {
    bytes = await inflateRaw(decoded.bytes, MAX_JSON_BYTES)
  } catch {
    return refused({ kind: 'damaged', detail: 'it was cut off or changed, it does not unpack' })
  }
  if (bytes === null) {
    return refused({ kind: 'too-large', detail: `more than ${MAX_JSON_BYTES} bytes when unpacked` })
  }
  return readJson(bytes)
}

function readJson(bytes: Uint8Array): DecodedLink {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    return refused({ kind: 'not-json', detail: oneLine((error as Error).message, 200) })
  }
  if (isChanged(json))
    return refused({ kind: 'damaged', detail: 'its checksum does not fit, so a character was changed' })
  const wire = v.safeParse(WireSchema, json)
  if (!wire.success) return refused({ kind: 'not-valid', detail: issueText(wire.issues[0]) })
  const shared = v.safeParse(SharedSchema, unpackShared(wire.output))
  if (!shared.success) return refused({ kind: 'not-valid', detail: issueText(shared.issues[0]) })
  return { ok: true, shared: shared.output }
}

function isChanged(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || !('c' in json) || typeof json.c !== 'number') return false
  const { c, ...rest } = json
  return checksum(rest) !== c
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? 'the contents'
  return oneLine(`${path}: expected ${issue.expected ?? issue.message}, found ${issue.received}`, 200)
}
