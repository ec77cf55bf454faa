import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TrainReport } from '../jobs/train/report'
import { shipsCsv } from '../testing/training-job'
import { FlagError, parseFlags } from './args'
import { train } from './commands/train'
import { createTerminal } from './environment'

async function folderWithTable() {
  const folder = await mkdtemp(join(tmpdir(), 'plume-train-'))
  await writeFile(join(folder, 'ships.csv'), shipsCsv(150))
  return (name: string) => join(folder, name)
}

const run = (argv: readonly string[]) => {
  const { terminal } = createTerminal(true, true, new AbortController().signal)
  return train.run(parseFlags(argv, train.flags, 'train'), terminal) as Promise<TrainReport>
}

test('writes a model and reports as the contract says', async () => {
  const at = await folderWithTable()
  const flags = ['--target', '4', '--layers', '8', '--epochs', '4', '--role', 'volume=ignored', '--seed', '3']
  const report = await run([at('ships.csv'), '-o', at('m.onnx'), ...flags])
  expect(report.output).toMatchObject({ path: at('m.onnx'), sizeBytes: (await readFile(at('m.onnx'))).length })
  expect(report.data).toMatchObject({ rows: 150, columns: 5, target: 'floats', classes: ['no', 'yes'] })
  expect(report.data.ignored).toContainEqual({ column: 'volume', why: 'left out by choice' })
  expect(Object.keys(report.metrics)).toEqual(['train', 'validation', 'test'])
  expect(report.metrics.test).toMatchObject({ loss: expect.any(Number), accuracy: expect.any(Number) })
  expect(report).toMatchObject({ version: 1, epochs: 4, model: { kind: 'mlp', layers: [8] } })
  expect(report.timing.msPerEpoch).toBeGreaterThan(0)
  await expect(run([at('ships.csv'), '-o', at('m.onnx')])).rejects.toThrow('exists already')
})

describe('refuses', () => {
  test.each([
    [['--layers', '8,x'], '--layers takes widths from 1 to 65536, such as 64,32, or 0 for a linear model, not "8,x".'],
    [['--epochs', '0'], '--epochs takes a whole number from 1 on, not "0".'],
    [['--lr', 'fast'], '--lr takes a number from 0 on, not "fast".'],
    [['--optimizer', 'lion'], '--optimizer takes one of sgd, adam, adamw, rmsprop, adagrad, not "lion".'],
    [['--role', 'mass'], '--role takes COLUMN=ROLE with a role of number, category, ignored, not "mass".'],
    [['--augment', 'flip,melt'], '--augment takes flip, crop, rotate, jitter, separated by commas, not "melt".'],
    [['--task', 'ranking'], '--task takes one of classification, regression, not "ranking".'],
  ])('%j', async (flags, message) => {
    const at = await folderWithTable()
    const error = await run([at('ships.csv'), '-o', at('m.onnx'), ...flags]).catch((one: unknown) => one)
    expect(error).toBeInstanceOf(FlagError)
    expect((error as Error).message).toBe(message)
  })

  test('no data, no output, an output that is an input', async () => {
    const at = await folderWithTable()
    await expect(run(['-o', 'm.onnx'])).rejects.toThrow('plume train takes one DATA')
    await expect(run([at('ships.csv')])).rejects.toThrow('plume train needs -o OUT.onnx')
    await expect(run([at('ships.csv'), '-o', at('ships.csv')])).rejects.toThrow('is an input itself')
  })

  test.each([
    [['--lr', '0'], 'The learning rate should be above 0 and is 0.'],
    [['--ema', '1'], 'The decay of the moving average should be from 0 to below 1 and is 1.'],
    [['--clip', '0'], 'The norm that gradients are clipped to should be above 0 and is 0.'],
  ])('numbers out of range: %j', async (flags, message) => {
    const at = await folderWithTable()
    await expect(run([at('ships.csv'), '-o', at('m.onnx'), '--layers', '4', ...flags])).rejects.toThrow(message)
  })
})
