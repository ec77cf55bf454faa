/** Tables made by a formula, and ports of training jobs, for tests. Not part of the product. */
import { MemoryFolder, memorySource, type Bytes } from '../core/bytes'
import { Random } from '../core/random'
import type { TrainingCheckpoints } from '../engine/train/trainer'
import { sampleFilesOf } from '../formats/samples'
import type { SampleFiles } from '../formats/format'
import type { TrainPorts, TrainRequest, TrainSettings } from '../jobs/train/request'
import { testRuntime } from './runtime'
import { wasmLevels } from './wasm-machines'

/** Whether it floats: by density, but wood of any; numbers are missing now and then. */
export function shipsCsv(rows: number, seed = 1): string {
  const random = new Random(seed)
  const lines = ['id,mass,volume,material,floats']
  for (let i = 0; i < rows; i++) {
    const [mass, volume] = [20 * random.uniform() + 1, 20 * random.uniform() + 1]
    const material = ['steel', 'wood', 'glass'][random.below(3)] as string
    const floats = material === 'wood' || mass < volume ? 'yes' : 'no'
    const cell = (value: number) => (random.uniform() < 0.03 ? '' : value.toFixed(2))
    lines.push([`ship${i}`, cell(mass), cell(volume), material, floats].join(','))
  }
  return `${lines.join('\n')}\n`
}

/** price = 3·size + 10 if it has a garden + noise */
export function housesCsv(rows: number, seed = 2): string {
  const random = new Random(seed)
  const lines = ['size,garden,price']
  for (let i = 0; i < rows; i++) {
    const size = 10 * random.uniform()
    const hasGarden = random.uniform() < 0.4
    lines.push(
      `${size.toFixed(3)},${hasGarden ? 'yes' : 'no'},${(3 * size + (hasGarden ? 10 : 0) + random.normal()).toFixed(3)}`,
    )
  }
  return `${lines.join('\n')}\n`
}

const text = (content: string): Bytes => new TextEncoder().encode(content)

export const tableFiles = (name: string, csv: string): SampleFiles =>
  sampleFilesOf(name, new Map([[name, memorySource(text(csv), name)]]))

/** An idx pair of pictures of bars: class 0 stand, class 1 lie, class 2 are crosses; noise around. */
export function barsIdx(count: number, seed = 3, prefix = ''): Map<string, ReturnType<typeof memorySource>> {
  const random = new Random(seed)
  const side = 12
  const images = new Uint8Array(16 + count * side * side)
  const labels = new Uint8Array(8 + count)
  new DataView(images.buffer).setUint32(0, 0x803)
  new DataView(labels.buffer).setUint32(0, 0x801)
  for (const view of [new DataView(images.buffer), new DataView(labels.buffer)]) view.setUint32(4, count)
  new DataView(images.buffer).setUint32(8, side)
  new DataView(images.buffer).setUint32(12, side)
  for (let i = 0; i < count; i++) {
    const label = random.below(3)
    const [x, y] = [2 + random.below(side - 4), 2 + random.below(side - 4)]
    labels[8 + i] = label
    for (let p = 0; p < side * side; p++) {
      const [row, column] = [Math.floor(p / side), p % side]
      const isOn = (label !== 1 && column === x) || (label !== 0 && row === y)
      images[16 + i * side * side + p] = (isOn ? 150 : 0) + random.below(100)
    }
  }
  const entry = (name: string, bytes: Bytes) => [name, memorySource(bytes, name)] as const
  return new Map([entry(`${prefix}train-images-idx3-ubyte`, images), entry(`${prefix}train-labels-idx1-ubyte`, labels)])
}

/** @returns a request that writes into memory */
export function trainingRequest(files: SampleFiles, settings: Partial<TrainSettings> = {}) {
  const folder = new MemoryFolder()
  const request: TrainRequest = { files, settings: { seed: 0, ...settings }, folder, outputName: 'm.onnx' }
  return { request, folder }
}

export function trainPorts(more: Partial<TrainPorts> = {}): TrainPorts {
  return {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    now: () => performance.now(),
    openRuntime: testRuntime,
    openMachine: () => (wasmLevels[0] as (typeof wasmLevels)[number]).make(),
    ...more,
  }
}

/** Keeps the newest blob. */
export class MemoryCheckpoints implements TrainingCheckpoints {
  bytes: Bytes | null = null
  saves = 0
  /** Called after each save. */
  onSave: () => void = () => undefined

  async load(): Promise<Bytes | null> {
    return this.bytes
  }

  async save(bytes: Bytes): Promise<void> {
    this.bytes = bytes.slice()
    this.saves++
    this.onSave()
  }
}
