import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as v from 'valibot'
import { Random } from '../../core/random'
import { encodeBase64Url } from './base64url'
import { decodeLink, describeProblem, encodeLink, type DecodedLink } from './link'
import { SharedSchema } from './schema'
import { sharedOf, sharedOfRecipe } from './shared'
import { EVERY_METHOD, sampleReport } from './shared-kit'
import { checksum } from './wire'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9)
const CASES = 10_000
const MAX_MS = 1000
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const LINKS = await Promise.all(
  [
    sharedOfRecipe(EVERY_METHOD),
    sharedOf(sampleReport(0)),
    sharedOf(sampleReport(12), { withName: true, withLayerNames: true, device: 'WASM, 2 threads' }),
  ].map(async (shared) => (await encodeLink(shared)).text),
)

let request: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  request = vi.spyOn(globalThis, 'fetch')
})
afterEach(() => {
  expect(request).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

/** An answer within the time, that is either valid or a problem with words. */
async function answerTo(text: string): Promise<DecodedLink> {
  const start = performance.now()
  const answer = await decodeLink(text)
  expect(performance.now() - start).toBeLessThan(MAX_MS)
  if (answer.ok) expect(v.is(SharedSchema, answer.shared)).toBe(true)
  else expect(describeProblem(answer.problem)).toMatch(/^(There is no|This) share link.{10,}\.$/su)
  return answer
}

type Pick = (below: number) => number

/** Changes to the text of a link. */
const TEXT_CHANGES: Readonly<Record<string, (link: string, pick: Pick) => string>> = {
  replace: (link, pick) => spliced(link, pick(link.length), 1, ALPHABET[pick(64)] as string),
  insert: (link, pick) => spliced(link, pick(link.length + 1), 0, ALPHABET[pick(64)] as string),
  remove: (link, pick) => spliced(link, pick(link.length), 1 + pick(4), ''),
  cut: (link, pick) => link.slice(0, pick(link.length)),
  tail: (link, pick) => link.slice(pick(link.length)),
  version: (link, pick) => `#r${pick(12)}${link.slice(3)}`,
  swap: (link, pick) => {
    const at = pick(link.length - 1)
    return spliced(link, at, 2, `${link[at + 1]}${link[at]}`)
  },
  repeat: (link, pick) => spliced(link, pick(link.length), 0, link.slice(pick(link.length))),
  foreign: (link, pick) => spliced(link, pick(link.length), pick(2), String.fromCharCode(pick(0x10000))),
  surrogate: (link, pick) => spliced(link, pick(link.length), 0, String.fromCharCode(0xd800 + pick(0x800))),
  bit: (link, pick) => {
    const at = pick(link.length)
    return spliced(link, at, 1, String.fromCharCode(link.charCodeAt(at) ^ (1 << pick(8))))
  },
}

/** Changes to the packed bytes behind a valid alphabet. */
const BYTE_CHANGES: Readonly<Record<string, (bytes: Buffer, pick: Pick) => Buffer>> = {
  flip: (bytes, pick) => {
    const changed = Buffer.from(bytes)
    const at = pick(changed.length)
    changed[at] = (changed[at] as number) ^ (1 << pick(8))
    return changed
  },
  shorten: (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  lengthen: (bytes, pick) => Buffer.concat([bytes, Buffer.alloc(1 + pick(9), pick(256))]),
  noise: (_, pick) => Buffer.from(Array.from({ length: pick(300) }, () => pick(256))),
}

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  '',
  '\ud800',
  'a\u202eb',
  'x'.repeat(5000),
  [],
  {},
  [[[[[[]]]]]],
  Array(2001).fill(0),
  JSON.parse('{"__proto__":{"polluted":1}}'),
  { constructor: { prototype: { polluted: 1 } } },
  { toString: 1, valueOf: 2, toJSON: 3 },
]

/** A change somewhere in the JSON, under a checksum that fits: only the schema stands in the way. */
function changedJson(link: string, pick: Pick): string {
  const { c: _, ...wire } = JSON.parse(inflateRawSync(Buffer.from(link.slice(4), 'base64url')).toString())
  let place: Record<string, unknown> = wire
  for (;;) {
    const keys = Object.keys(place)
    const key = keys[pick(keys.length)]
    const value = key === undefined ? undefined : place[key]
    const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0
    if (isInner && pick(3) > 0) {
      place = value as Record<string, unknown>
      continue
    }
    const name = pick(5) === 0 || key === undefined ? (['__proto__', 'constructor', 'z9', 'l'][pick(4)] as string) : key
    if (pick(4) === 0 && key !== undefined) delete place[key]
    else {
      const hostile = HOSTILE[pick(HOSTILE.length)]
      Object.defineProperty(place, name, { value: hostile, enumerable: true, configurable: true, writable: true })
    }
    break
  }
  return `#r1.${encodeBase64Url(deflateRawSync(JSON.stringify({ ...wire, c: checksum(wire) })))}`
}

function spliced(text: string, at: number, removed: number, inserted: string): string {
  return text.slice(0, at) + inserted + text.slice(at + removed)
}

describe(`links that were changed (FUZZ_SEED=${SEED})`, () => {
  it(`${CASES} of them each end in a valid answer or in words`, async () => {
    const random = new Random(SEED)
    const pick: Pick = (below) => Math.floor(random.uniform() * below)
    const kinds = [...Object.keys(TEXT_CHANGES), ...Object.keys(BYTE_CHANGES), ...Array<string>(6).fill('json')]
    const seen: Record<string, number> = {}
    for (let i = 0; i < CASES; i++) {
      const link = LINKS[pick(LINKS.length)] as string
      const kind = kinds[pick(kinds.length)] as string
      const bytes = () => BYTE_CHANGES[kind]!(Buffer.from(link.slice(4), 'base64url'), pick)
      const changed =
        TEXT_CHANGES[kind]?.(link, pick) ??
        (kind === 'json' ? changedJson(link, pick) : `#r1.${encodeBase64Url(bytes())}`)
      const answer = await answerTo(changed)
      const outcome = answer.ok ? 'ok' : answer.problem.kind
      seen[outcome] = (seen[outcome] ?? 0) + 1
    }
    console.log(`seed ${SEED}:`, seen)
    // each line of defence was reached
    for (const kind of ['ok', 'no-link', 'newer', 'alphabet', 'damaged', 'not-valid']) {
      expect(seen[kind], kind).toBeGreaterThan(0)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  }, 300_000)

  it('every prefix and every suffix of a valid one ends in words', async () => {
    for (const link of LINKS) {
      for (let length = 0; length < link.length; length++) {
        expect((await answerTo(link.slice(0, length))).ok, `first ${length} of ${link}`).toBe(false)
      }
      for (let start = 2; start < link.length; start++) {
        expect((await answerTo(link.slice(start))).ok, `from ${start} of ${link}`).toBe(false)
      }
    }
  })

  it('one wrong character is never taken for the right one', async () => {
    const link = LINKS[2] as string
    const { shared } = (await answerTo(link)) as Extract<DecodedLink, { ok: true }>
    const random = new Random(SEED)
    for (let at = 4; at < link.length; at++) {
      const other = ALPHABET[Math.floor(random.uniform() * 64)] as string
      const answer = await answerTo(spliced(link, at, 1, other))
      if (answer.ok) expect(answer.shared).toEqual(shared)
    }
  })
})
