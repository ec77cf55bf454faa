import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../src/core/bytes'
import { asNumbers } from '../../src/core/tensor'
import { readNpz } from '../../src/formats/npy/npz'
import { sharedPath } from '../../src/testing/shared-data'
import { readWav, sileroNpz } from './silero-npz.mjs'
import { storiesNpz } from './stories-npz.mjs'

const read = (bytes) => readNpz(memorySource(new Uint8Array(bytes)))
const numbers = async (bytes, name) => [...asNumbers((await read(bytes)).get(name))]

/** A mono 16-bit WAV of these samples, behind a chunk of odd size that readers must skip. */
function wav(samples, { rate = 16000, channels = 1, bits = 16 } = {}) {
  const head = Buffer.alloc(12 + 24 + 12 + 8)
  head.write('RIFF')
  head.write('WAVE', 8)
  head.write('fmt ', 12)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt16LE(bits, 34)
  head.write('odd ', 36)
  head.writeUInt32LE(3, 40)
  head.write('data', 48)
  head.writeUInt32LE(samples.length * 2, 52)
  return new Uint8Array(Buffer.concat([head, Buffer.from(Int16Array.from(samples).buffer)]))
}

describe('stories-npz', () => {
  it('judges each position on the next token', async () => {
    const bytes = storiesNpz('{"tokens": [[1, 403, 407], [1, 5, 6]]}')
    expect(await numbers(bytes, 'tokens')).toEqual([1, 403, 1, 5])
    expect(await numbers(bytes, 'labels')).toEqual([403, 407, 5, 6])
    expect((await read(bytes)).get('labels')).toMatchObject({ dtype: 'int64', shape: [2, 2] })
  })

  it('refuses other JSON', () => {
    for (const json of ['{}', '{"tokens": []}', '{"tokens": [[1, 2], [1]]}', '{"tokens": [[1, 2.5]]}']) {
      expect(() => storiesNpz(json), json).toThrow(/sequences of one length, at least 2, was expected/)
    }
  })
})

describe('silero-npz', () => {
  const ramp = Array.from({ length: 1100 }, (_, i) => i - 300)

  it('puts 64 samples of the frame before in front of 512 new ones', async () => {
    const bytes = sileroNpz(wav(ramp), { frames: 2 })
    expect((await read(bytes)).get('input').shape).toEqual([2, 576])
    const input = await numbers(bytes, 'input')
    expect(input.slice(0, 66)).toEqual([...new Array(64).fill(0), -300 / 32768, -299 / 32768])
    expect(input[576]).toBe((512 - 64 - 300) / 32768)
    expect(input[576 + 64]).toBe((512 - 300) / 32768)
    expect(input.at(-1)).toBe((1023 - 300) / 32768)
    expect(await numbers(bytes, 'sr')).toEqual([16000])
    expect((await read(bytes)).get('sr').shape).toEqual([])
  })

  it('begins where it is told to, with the context from before', async () => {
    const bytes = sileroNpz(wav(ramp), { frames: 1, from: 1 })
    const input = await numbers(bytes, 'input')
    expect(input[0]).toBe((512 - 64 - 300) / 32768)
    expect(input[64]).toBe((512 - 300) / 32768)
    expect(() => sileroNpz(wav(ramp), { frames: 1, from: 2 })).toThrow('--from takes 0 to 1 for this file, not 2')
  })

  it('averages pairs for 8000 Hz', async () => {
    const bytes = sileroNpz(wav(ramp), { frames: 2, rate: 8000 })
    expect((await read(bytes)).get('input').shape).toEqual([2, 288])
    const input = await numbers(bytes, 'input')
    expect(input.slice(31, 34)).toEqual([0, -299.5 / 32768, -297.5 / 32768])
    expect(input[288]).toBe((2 * (256 - 32) - 300 + 0.5) / 32768)
    expect(await numbers(bytes, 'sr')).toEqual([8000])
  })

  it('refuses what it cannot read', () => {
    expect(() => readWav(new Uint8Array(8))).toThrow('a RIFF WAVE file was expected')
    expect(() => sileroNpz(wav(ramp, { channels: 2 }))).toThrow(/mono 16-bit PCM was expected/)
    expect(() => sileroNpz(wav(ramp, { rate: 8000 }))).toThrow('16000 samples a second were expected, found 8000')
    expect(() => sileroNpz(wav(ramp), { rate: 11025 })).toThrow('--rate takes 16000 or 8000, not 11025')
    expect(() => sileroNpz(wav(ramp))).toThrow('--frames takes 1 to 2 for this file, not 600')
  })
})

describe.skipIf(!existsSync(sharedPath('stories260K')))('shared data (needs ../shared/data)', () => {
  it('makes 48 sequences and 600 frames', async () => {
    const tokens = (await read(storiesNpz(readFileSync(sharedPath('stories260K', 'eval_tokens.json'), 'utf8')))).get(
      'tokens',
    )
    expect(tokens.shape).toEqual([48, 191])
    const bytes = sileroNpz(readFileSync(sharedPath('silero-vad', 'test.wav')))
    expect((await read(bytes)).get('input').shape).toEqual([600, 576])
    expect(sileroNpz(readFileSync(sharedPath('silero-vad', 'test.wav')))).toEqual(bytes)
  })
})
