import { expect, it } from 'vitest'
import { DeviceError, ShapeError } from '../../core/errors'
import type { Backend } from '../backend'
import { referenceBackend } from '../reference/reference'
import type { Gpu, GpuAnswer } from './device'
import { GpuKeeper } from './keeper'
import { steadyBackend } from './steady-backend'

/** A device that is alive as long as nobody says otherwise. */
const gpu = { isLost: false, lost: new Promise(() => undefined), dispose: () => undefined } as unknown as Gpu
const there: GpuAnswer = { gpu }

const layout = { outer: 1, channels: 2, inner: 3 }
const values = Float32Array.of(1, -2, 3, 0, 5, -6)

const failingWith = (error: Error): Backend => ({ ...referenceBackend, minMax: () => Promise.reject(error) })

it('tells what computed last', async () => {
  const steady = steadyBackend(new GpuKeeper(async () => there), referenceBackend, async () => referenceBackend)
  expect(steady.name).toBe('reference')
  await steady.pack(Uint8Array.of(1, 2), 4)
  expect(steady.name).toBe('webgpu')
})

it('does what the GPU cannot, once, and tells it', async () => {
  const keeper = new GpuKeeper(async () => there)
  const failing = failingWith(new DeviceError('This GPU rounds otherwise.'))
  const steady = steadyBackend(keeper, referenceBackend, async () => failing)
  const expected = await referenceBackend.minMax(values, layout)
  expect(await steady.minMax(values, layout)).toEqual(expected)
  expect(await steady.minMax(values, layout)).toEqual(expected)
  expect(steady.name).toBe('reference')
  expect(keeper.notes.map(({ text }) => text)).toEqual([
    'The GPU failed, so WebAssembly took over and the work was repeated. This GPU rounds otherwise.',
  ])
})

it('does all without a GPU that cannot be made ready', async () => {
  const keeper = new GpuKeeper(async () => there)
  const refuse = () => Promise.reject(new DeviceError('The GPU refused the shader pack.'))
  const steady = steadyBackend(keeper, referenceBackend, refuse)
  expect(await steady.pack(Uint8Array.of(1, 2), 4)).toEqual(Uint8Array.of(0x21))
  expect(keeper.notes).toHaveLength(1)
})

it('throws what is not the fault of the GPU', async () => {
  const keeper = new GpuKeeper(async () => there)
  const steady = steadyBackend(keeper, referenceBackend, async () => failingWith(new ShapeError('wrong layout')))
  await expect(steady.minMax(values, layout)).rejects.toThrow('wrong layout')
  expect(keeper.notes).toEqual([])
})
