import { zipSync } from 'fflate'

/** One array in NumPy's .npy form, version 1.0 (numpy.lib.format). */
function npy(descr, shape, array) {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`
  const padded = header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 10 - 1) + '\n'
  const head = Buffer.alloc(10)
  head.write('\x93NUMPY\x01\x00', 0, 'latin1')
  head.writeUInt16LE(padded.length, 8)
  return new Uint8Array(
    Buffer.concat([head, Buffer.from(padded), Buffer.from(array.buffer, array.byteOffset, array.byteLength)]),
  )
}

/** @param arrays name → [descr, shape, typed array] */
export function npz(arrays) {
  const files = Object.entries(arrays).map(([name, [descr, shape, array]]) => [`${name}.npy`, npy(descr, shape, array)])
  // a local date, because zip stores local time: the same bytes in every time zone
  return zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(2020, 0, 1) })
}
