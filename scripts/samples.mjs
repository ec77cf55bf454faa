/**
 * Makes the sample files of the page from nothing but seeds: pictures of shapes and of digits, a table, networks that
 * Plume's own engine trains on them, test data, a copy that is already int8, and a damaged file. Running it twice gives
 * identical bytes.
 *
 *   npm run build:wasm && node scripts/samples.mjs [folder]      default: public/samples
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCells } from './samples/cells.mjs'
import * as digits from './samples/digits.mjs'
import { npz } from './samples/npz.mjs'
import { pictureModels } from './samples/picture-model.mjs'
import * as shapes from './samples/shapes.mjs'
import { withSources } from './with-sources.mjs'

const SEED = 20260117
const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../public/samples')

const about = (what, classes) => `Recognises ${what}: ${classes.join(', ')}. Made by Plume's scripts/samples.mjs.`
const SHAPES = {
  ...{ name: 'shapes', doc: about('drawn shapes', shapes.CLASSES), size: shapes.SIZE, classes: shapes.CLASSES.length },
  ...{ channels: [8, 16], hidden: 64, epochs: 10, seed: SEED + 2 },
}
const DIGITS = {
  ...{ name: 'digits', doc: about('drawn digits', digits.CLASSES), size: digits.SIZE, classes: digits.CLASSES.length },
  ...{ channels: [8, 16], hidden: 40, epochs: 10, seed: SEED + 5 },
}

const outputs = await withSources(async (load) => {
  const { trainPictures, trainTable } = await load('/scripts/samples/train.ts')
  const pictures = async (network, training, test) => {
    const { weights, accuracy } = await trainPictures(training, test, network)
    console.log(`${network.name}: ${(100 * accuracy).toFixed(1)} % of ${test.labels.length} test pictures right`)
    return { ...pictureModels(network, weights), test: testData(test, network.size) }
  }
  const shape = await pictures(SHAPES, shapes.makeShapes(8000, SEED), shapes.makeShapes(360, SEED + 1))
  const digit = await pictures(DIGITS, digits.makeDigits(6000, SEED + 6), digits.makeDigits(300, SEED + 7))
  const table = new TextEncoder().encode(makeCells(SEED + 3))
  const cells = await trainTable(table, 'cells.csv', SEED + 4)
  console.log(`cells: ${(100 * cells.accuracy).toFixed(1)} % of the test rows right`)
  return {
    'shapes.onnx': shape.float,
    'shapes-test.npz': shape.test,
    'shapes-int8.onnx': shape.int8,
    'damaged.onnx': shape.float.subarray(0, 20_011), // an interrupted download
    'digits.onnx': digit.float,
    'digits-test.npz': digit.test,
    'cells.csv': table,
    'cells.onnx': cells.bytes,
  }
})

function testData({ pictures, labels }, size) {
  return npz({
    image: ['<f4', [labels.length, 1, size, size], Float32Array.from(pictures.flatMap((p) => [...p]))],
    labels: ['<i8', [labels.length], BigInt64Array.from(labels, BigInt)],
  })
}

const samples = [
  { id: 'shapes', files: ['shapes.onnx'], data: ['shapes-test.npz'] },
  { id: 'digits', files: ['digits.onnx'], data: ['digits-test.npz'] },
  { id: 'int8', files: ['shapes-int8.onnx'], data: [] },
  { id: 'cells', files: ['cells.csv'], data: [] },
  { id: 'cells-model', files: ['cells.onnx'], data: ['cells.csv'] },
  { id: 'damaged', files: ['damaged.onnx'], data: [] },
]

mkdirSync(folder, { recursive: true })
for (const [name, bytes] of Object.entries(outputs)) {
  writeFileSync(join(folder, name), bytes)
  console.log(`${name}: ${bytes.length} bytes`)
}
const index = samples.map((sample) => ({
  ...sample,
  sizeBytes: sample.files.reduce((sum, name) => sum + outputs[name].length, 0),
}))
writeFileSync(join(folder, 'index.json'), `${JSON.stringify({ version: 1, samples: index }, null, 2)}\n`)
