import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { makeShapes, SIZE } from '../scripts/samples/shapes.mjs'

/** A grey picture of 8 bits as PNG (https://www.w3.org/TR/png-3/). @param pixels 0..1, row after row */
function png(pixels: ArrayLike<number>): Buffer {
  const rows = Buffer.alloc(SIZE * (SIZE + 1)) // each row begins with its filter: none
  for (let i = 0; i < SIZE * SIZE; i++) {
    rows[Math.floor(i / SIZE) * (SIZE + 1) + 1 + (i % SIZE)] = Math.round((pixels[i] ?? 0) * 255)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIZE, 0)
  header.writeUInt32BE(SIZE, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** Pictures for the bundled sample model, none of which it has seen, with their labels. */
export async function writeShapePictures(folder: string, count: number): Promise<string> {
  const { pictures, labels } = makeShapes(count, 20_261) as { pictures: Float64Array[]; labels: number[] }
  await mkdir(folder, { recursive: true })
  const names = pictures.map((_, i) => `shape-${String(i).padStart(3, '0')}.png`)
  await Promise.all(pictures.map((pixels, i) => writeFile(join(folder, names[i] ?? ''), png(pixels))))
  await writeFile(
    join(folder, 'labels.csv'),
    `file,label\n${names.map((name, i) => `${name},${labels[i]}\n`).join('')}`,
  )
  return folder
}
