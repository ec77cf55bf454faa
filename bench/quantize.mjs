/**
 * int8 per-channel weights, one thread, against a copy of the same float32 bytes.
 *
 * "resident" runs the kernel on data that already lies in WASM memory: the kernel alone, as against a copy within that
 * memory. "call" is what users pay: the Backend's method on an ordinary Float32Array, copies into and out of WASM
 * memory and the result's allocation included, against Float32Array.set on ordinary arrays. Both backends have computed
 * everything when the call returns its promise.
 */
import { readFile } from 'node:fs/promises'
import { runnerImport } from 'vite'
import { buildWasm } from '../scripts/build-wasm.mjs'
import { median, roundRobin, speedAgainst } from './round-robin.mjs'

export const title = 'Quantization, int8 per channel'

const CHANNELS = 4096
const REFERENCE_SHARE = 32
const BASE = 1024

async function load(path) {
  const { module } = await runnerImport(path)
  return module
}

/** Normal-looking weights with a different spread per channel. */
function weights(Random, count, inner) {
  const random = new Random(20261121)
  const block = Float32Array.from({ length: 1 << 18 }, () => random.normal() * 0.02)
  const values = new Float32Array(count)
  for (let at = 0; at < count; at += inner) {
    const spread = 1 + ((at / inner) % 13) / 7
    const shift = (at * 31) % (block.length - inner)
    for (let i = 0; i < inner; i++) values[at + i] = block[shift + i] * spread
  }
  return values
}

/** Symmetric parameters as a method would choose them. */
function symmetric({ min, max }, layout) {
  const scale = min.map((low, c) => Math.max(-low, max[c]) / 127)
  const limits = { low: -127, high: 127 }
  const zeroPoint = new Int32Array(layout.channels)
  return { layout, scale, reciprocal: scale.map((s) => 1 / s), zeroPoint, dtype: 'int8', limits }
}

/** Kernels on memory of their own that holds everything. */
function residentCandidates(kernels, values, parameters) {
  const { channels, inner } = parameters.layout
  const count = values.length
  const areas = { minima: channels * 4, maxima: channels * 4, factors: channels * 4, zeroPoints: channels * 4 }
  let end = BASE
  const at = (size) => {
    const start = end
    end += Math.ceil(size / 16) * 16
    return start
  }
  const addresses = Object.fromEntries(Object.entries(areas).map(([name, size]) => [name, at(size)]))
  const source = at(count * 4)
  const target = at(count * 4)
  kernels.memory.grow(Math.ceil((end - kernels.memory.buffer.byteLength) / 65536))
  const { buffer } = kernels.memory
  const from = new Float32Array(buffer, source, count)
  const to = new Float32Array(buffer, target, count)
  from.set(values)
  new Float32Array(buffer, addresses.factors, channels).set(parameters.reciprocal)
  new Int32Array(buffer, addresses.zeroPoints, channels).set(parameters.zeroPoint)
  const { minima, maxima, factors, zeroPoints } = addresses
  const range = () => kernels.rangeRows(source, channels, inner, minima, maxima, channels, 0)
  const quantize = () =>
    kernels.quantizeRows(source, target, channels, inner, factors, zeroPoints, channels, 0, 1, -127, 127)
  return [
    { name: 'resident copy', run: () => to.set(from) },
    { name: 'resident range', run: range },
    { name: 'resident quantize', run: quantize },
  ]
}

/** @param {{ megabytes?: number, rounds?: number }} options */
export async function run({ megabytes = 64, rounds = 15 } = {}) {
  await buildWasm()
  const bytes = new Uint8Array(await readFile('build/wasm/quantize.wasm'))
  const { createWasmBackend } = await load('./src/backends/wasm/wasm.ts')
  const { instantiateQuantize } = await load('./src/backends/wasm/kernels.ts')
  const { referenceBackend } = await load('./src/backends/reference/reference.ts')
  const { Random } = await load('./src/core/random.ts')

  const count = (megabytes * 1024 * 1024) / 4
  const layout = { outer: 1, channels: CHANNELS, inner: count / CHANNELS }
  const values = weights(Random, count, layout.inner)
  const wasm = await createWasmBackend(bytes)
  const parameters = symmetric(await wasm.minMax(values, layout), layout)
  const part = { ...layout, channels: CHANNELS / REFERENCE_SHARE }
  const partValues = values.subarray(0, count / REFERENCE_SHARE)
  const partParameters = {
    layout: part,
    dtype: 'int8',
    reciprocal: parameters.reciprocal.slice(0, part.channels),
    zeroPoint: parameters.zeroPoint.slice(0, part.channels),
  }
  // The last axis as channels, as in MatMul weights [K, N].
  const columns = { outer: layout.inner, channels: CHANNELS, inner: 1 }
  const copy = new Float32Array(count)

  const times = roundRobin(
    [
      { name: 'copy', run: () => copy.set(values) },
      { name: 'copy into a new array', run: () => void values.slice() },
      { name: 'new array for the result', run: () => void new Uint8Array(count).fill(1) },
      ...residentCandidates(await instantiateQuantize(bytes), values, parameters),
      { name: 'call minMax', run: () => void wasm.minMax(values, layout) },
      { name: 'call quantize', run: () => void wasm.quantize(values, parameters) },
      { name: 'call quantize, columns', run: () => void wasm.quantize(values, { ...parameters, layout: columns }) },
      { name: 'call quantize, int16', run: () => void wasm.quantize(values, { ...parameters, dtype: 'int16' }) },
      { name: 'call fakeQuantize', run: () => void wasm.fakeQuantize(values, parameters) },
      { name: 'call minMax, columns', run: () => void wasm.minMax(values, columns) },
      { name: 'reference minMax', run: () => void referenceBackend.minMax(partValues, part) },
      { name: 'reference quantize', run: () => void referenceBackend.quantize(partValues, partParameters) },
    ],
    { rounds },
  )
  for (const name of ['reference minMax', 'reference quantize']) {
    const whole = times.get(name).map((ms) => ms * REFERENCE_SHARE)
    times.set(name, whole)
  }
  const sum = (a, b) => times.get(a).map((ms, round) => ms + times.get(b)[round])
  times.set('resident range + quantize', sum('resident range', 'resident quantize'))
  times.set('call minMax + quantize', sum('call minMax', 'call quantize'))
  times.set('reference minMax + quantize', sum('reference minMax', 'reference quantize'))

  const rows = [...times].map(([name, ms]) => {
    const base = name.startsWith('resident') ? 'resident copy' : 'copy'
    const speed = speedAgainst(times, base, name)
    const rate = (count * 4) / 1e6 / median(ms)
    const spread = `${speed.low.toFixed(2)}–${speed.high.toFixed(2)}`
    return [name, median(ms).toFixed(1), rate.toFixed(2), `${speed.median.toFixed(2)} (${spread})`]
  })
  const kernel = speedAgainst(times, 'resident copy', 'resident quantize').median
  const call = speedAgainst(times, 'copy', 'call quantize').median
  const callNew = speedAgainst(times, 'copy into a new array', 'call quantize').median
  return {
    header: ['what', 'ms', 'GB/s of float32', 'speed ÷ copy (quartiles)'],
    rows,
    notes: [
      `${megabytes} MB of float32 weights, ${CHANNELS} channels, one thread, ${rounds} rounds in turns, medians.`,
      `The reference is timed on 1/${REFERENCE_SHARE} of the channels and scaled up.`,
      '"resident" works within WASM memory; "call" is the method on ordinary arrays, its copies and its new result included.',
      `Goal: int8 per-channel kernel ÷ copy at least 0.6, aim 0.9. Kernel ${kernel.toFixed(2)}.`,
      `The whole call ÷ copy: ${call.toFixed(2)}; ÷ copy into a new array: ${callNew.toFixed(2)}.`,
    ],
    isMet: kernel >= 0.6,
  }
}
