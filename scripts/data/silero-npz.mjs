// Speech → .npz for `plume evaluate … --state stateN=state`:
//   node scripts/data/silero-npz.mjs test.wav -o silero.npz [--rate 8000] [--frames 600] [--from 0]
//
// `input` [frames, context + new] float32 in −1…1: at 16000 Hz 64 samples of the frame before and 512 new ones, at
// 8000 Hz 32 and 256; the first frame's context is zero. `sr` int64, one value for all. The recurrent state is carried
// by the evaluator. For 8000 Hz every two neighbouring samples are averaged (a crude decimation, but enough to run the
// model's second branch on speech).
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isMain } from './main.mjs'
import { makeNpz } from './npz.mjs'

/** Samples of a mono 16-bit PCM WAV file, −1…1. Source: the RIFF/WAVE chunk layout of Microsoft's WAVEFORMATEX. */
export function readWav(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const name = (at) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new Error('a RIFF WAVE file was expected')
  let format
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (name(at) === 'fmt ' && start + 16 <= bytes.length) {
      const [tag, channels, rate] = [
        view.getUint16(start, true),
        view.getUint16(start + 2, true),
        view.getUint32(start + 4, true),
      ]
      format = { tag, channels, rate, bits: view.getUint16(start + 14, true) }
    }
    if (name(at) === 'data') {
      if (format?.tag !== 1 || format.channels !== 1 || format.bits !== 16) {
        throw new Error(`mono 16-bit PCM was expected, found ${JSON.stringify(format)}`)
      }
      const count = Math.floor(Math.min(size, bytes.length - start) / 2)
      const samples = Float32Array.from({ length: count }, (_, i) => view.getInt16(start + 2 * i, true) / 32768)
      return { rate: format.rate, samples }
    }
    at = start + size + (size & 1)
  }
  throw new Error('a data chunk was expected, found none')
}

function averagePairs(samples) {
  return Float32Array.from({ length: samples.length >> 1 }, (_, i) => (samples[2 * i] + samples[2 * i + 1]) / 2)
}

/** @param {{rate?: number, frames?: number, from?: number}} options `from`: the first frame */
export function sileroNpz(bytes, { rate = 16000, frames = 600, from = 0 } = {}) {
  if (rate !== 16000 && rate !== 8000) throw new Error(`--rate takes 16000 or 8000, not ${rate}`)
  const wav = readWav(bytes)
  if (wav.rate !== 16000) throw new Error(`16000 samples a second were expected, found ${wav.rate}`)
  const samples = rate === 16000 ? wav.samples : averagePairs(wav.samples)
  const fresh = rate / 31.25
  const context = fresh / 8
  const whole = Math.floor(samples.length / fresh)
  if (!(Number.isInteger(from) && from >= 0 && from < whole)) {
    throw new Error(`--from takes 0 to ${whole - 1} for this file, not ${from}`)
  }
  if (!(Number.isInteger(frames) && frames >= 1 && from + frames <= whole)) {
    throw new Error(`--frames takes 1 to ${whole - from} for this file, not ${frames}`)
  }
  const width = context + fresh
  const input = new Float32Array(frames * width)
  for (let frame = 0; frame < frames; frame++) {
    const start = (from + frame) * fresh
    input.set(samples.subarray(Math.max(0, start - context), start), frame * width + (start === 0 ? context : 0))
    input.set(samples.subarray(start, start + fresh), frame * width + context)
  }
  return makeNpz({
    input: { descr: '<f4', shape: [frames, width], values: input },
    sr: { descr: '<i8', shape: [], values: BigInt64Array.of(BigInt(rate)) },
  })
}

if (isMain(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      rate: { type: 'string' },
      frames: { type: 'string' },
      from: { type: 'string' },
    },
  })
  if (positionals.length !== 1 || !values.output) {
    console.error(
      'Usage: node scripts/data/silero-npz.mjs test.wav -o silero.npz [--rate 8000] [--frames 600] [--from 0]',
    )
    process.exit(2)
  }
  const number = (text, other) => (text === undefined ? other : Number(text))
  const options = {
    rate: number(values.rate, 16000),
    frames: number(values.frames, 600),
    from: number(values.from, 0),
  }
  writeFileSync(values.output, sileroNpz(readFileSync(positionals[0]), options))
}
