import type { KernelInteger } from '../backend'

/** Exports of the WASM family `quantize` (assembly/quantize.ts). All arguments are byte addresses and counts. */
export interface QuantizeKernels {
  readonly memory: WebAssembly.Memory
  rangeRows(
    source: number,
    rows: number,
    inner: number,
    minima: number,
    maxima: number,
    channels: number,
    firstChannel: number,
  ): number
  rangeColumns(source: number, rows: number, channels: number, minima: number, maxima: number): number
  quantizeRows: RowsKernel<[low: number, high: number]>
  quantizeColumns: ColumnsKernel<[low: number, high: number]>
  dequantizeRows: RowsKernel
  dequantizeColumns: ColumnsKernel
  histogramRows(
    source: number,
    rows: number,
    inner: number,
    reciprocals: number,
    firsts: number,
    bins: number,
    counts: number,
    channels: number,
    firstChannel: number,
  ): void
  pack4(source: number, target: number, count: number): void
  pack2(source: number, target: number, count: number): void
}

/** What the kernels call the integers that they write and read (assembly/quantize-kinds.ts). */
export const KINDS: Readonly<Record<KernelInteger, number>> = { uint8: 0, int8: 1, uint16: 2, int16: 3 }

/** `factors` are reciprocals or scales. */
export type RowsKernel<More extends readonly number[] = []> = (
  source: number,
  target: number,
  rows: number,
  inner: number,
  factors: number,
  zeroPoints: number,
  channels: number,
  firstChannel: number,
  kind: number,
  ...more: More
) => void

export type ColumnsKernel<More extends readonly number[] = []> = (
  source: number,
  target: number,
  rows: number,
  channels: number,
  factors: number,
  zeroPoints: number,
  kind: number,
  ...more: More
) => void

/** @throws WebAssembly.CompileError where SIMD is missing */
export async function instantiateQuantize(bytes: Uint8Array<ArrayBuffer>): Promise<QuantizeKernels> {
  const instance = await WebAssembly.instantiate(await WebAssembly.compile(bytes), {})
  return instance.exports as unknown as QuantizeKernels
}
