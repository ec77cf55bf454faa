import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, type Bytes } from '../../core/bytes'
import { PlumeError } from '../../core/errors'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { tensors } from './layout'
import { initializer, len, modelOf, nodeOf, num, readBytes, written } from './onnx-test-kit'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const runs = Number(process.env['FUZZ_RUNS'] ?? 400)

const small = modelOf(
  nodeOf('Conv', ['x', 'w'], ['y'], len(5, len(1, 'pads'), num(8, 1), num(8, -1), num(20, 7))),
  nodeOf(
    'If',
    ['c'],
    ['z'],
    len(5, len(1, 'then_branch'), len(6, nodeOf('Neg', ['y'], ['t']), len(12, len(1, 't'))), num(20, 5)),
  ),
  len(2, 'g'),
  initializer('w', num(1, 3), num(2, 1), len(9, new Uint8Array(12))),
  initializer('s', num(1, 2), num(2, 8), len(6, 'a'), len(6, 'b')),
  initializer('c', num(2, 9), len(5, [1])),
  initializer('e', num(1, 3), num(2, 2), len(13, len(1, 'location'), len(2, 'w.bin')), num(14, 1)),
  len(11, len(1, 'x'), len(2, len(1, num(1, 1), len(2, len(1, num(1, 4)), len(1, len(2, 'n')))))),
  len(12, len(1, 'z')),
)
const siblings = { 'w.bin': new Uint8Array(3) }
const bases: Bytes[] = [
  small,
  ...(hasSharedData
    ? ['mnist-cntk/mnist.onnx', 'hls4ml-jets/three_layer_keras.onnx', 'sklearn-trees/treecl.onnx'].map(
        (path) => new Uint8Array(readFileSync(sharedPath(path))),
      )
    : []),
]

type Mutation = { kind: 'flip' | 'cut' | 'insert' | 'repeat' | 'length'; at: number; value: number }

const mutation = fc.record<Mutation>({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat', 'length'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  value: fc.nat(2 ** 31 - 1),
})

function mutate(bytes: Bytes, { kind, at, value }: Mutation): Bytes {
  const position = Math.floor(at * Math.max(bytes.length - 1, 0))
  const before = bytes.slice(0, position)
  const after = bytes.slice(position)
  if (kind === 'cut') return concatBytes([before, after.subarray(value % 16)])
  if (kind === 'insert') return concatBytes([before, Uint8Array.of(value & 255), after])
  if (kind === 'repeat') return concatBytes([before, after.subarray(0, value % 64), after])
  if (kind === 'length') return concatBytes([before, Uint8Array.of(0xff, 0xff, 0xff, value & 127), after.subarray(1)])
  const copy = bytes.slice()
  if (copy.length > 0) copy[position] = value & 255
  return copy
}

/** Reads, and where that works reads every tensor and writes; only our own errors may come out. */
async function survives(bytes: Bytes): Promise<'read' | 'refused'> {
  try {
    const model = await readBytes(bytes, siblings)
    for (const tensor of tensors(model)) {
      await tensor.data.read(0, Math.min(tensor.data.sizeBytes, 4096))
      await tensor.strings?.()
    }
    const once = (await written(model)).get('out.onnx')!
    const twice = (await written(await readBytes(once, siblings))).get('out.onnx')!
    expect(Buffer.compare(once, twice)).toBe(0)
    return 'read'
  } catch (error) {
    if (error instanceof PlumeError) return 'refused'
    throw error
  }
}

describe(`ONNX fuzz (FUZZ_SEED=${seed}${hasSharedData ? '' : ', hand-made model only: ../shared/data is absent'})`, () => {
  it('gives a model or a FormatError for mutated models', async () => {
    console.log(`ONNX fuzz: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`)
    const input = fc.tuple(fc.nat(bases.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    const outcomes = { read: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(input, async ([base, mutations]) => {
        outcomes[await survives(mutations.reduce(mutate, bases[base]!))]++
      }),
      { seed, numRuns: runs },
    )
    // both ends are reached, so the test does look inside
    expect(outcomes.read).toBeGreaterThan(0)
    expect(outcomes.refused).toBeGreaterThan(0)
  }, 120_000)

  it('gives an error for random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await survives(Uint8Array.from([8, 8, ...bytes]))
        await survives(Uint8Array.from(bytes))
      }),
      { seed, numRuns: runs },
    )
  })
})
