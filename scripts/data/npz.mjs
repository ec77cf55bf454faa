import { zipSync } from 'fflate'

/**
 * A .npz archive for test data, the same bytes each time. (The product's own writer is TypeScript, which Node cannot
 * run unbuilt; a test reads what this writes.)
 * @param {Record<string, {descr: '<f4' | '<i8', shape: number[], values: Float32Array | BigInt64Array}>} arrays
 */
export function makeNpz(arrays) {
  const files = {}
  for (const [name, { descr, shape, values }] of Object.entries(arrays)) {
    const count = shape.reduce((product, size) => product * size, 1)
    if (count !== values.length) throw new Error(`${name}: shape ${shape} holds ${count} values, not ${values.length}`)
    const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
    const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`
    const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
    const head = [0x93, ...Buffer.from('NUMPY'), 1, 0, length & 255, length >> 8]
    const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    files[`${name}.npy`] = Buffer.concat([Buffer.from(head), Buffer.from(`${text.padEnd(length - 1)}\n`), data])
  }
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) })
}
