import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf, RECIPE, sampleReport } from '../share/shared-kit'
import {
  CheckpointRecordSchema,
  InputRecordSchema,
  JournalRecordSchema,
  PresetSchema,
  readRecord,
  ResultRecordSchema,
  type JournalRecord,
  type ResultRecord,
} from './records'

const id = '0b5f3f0e-0000-4000-8000-000000000001'

const result: ResultRecord = {
  version: 1,
  id,
  keys: [hashOf(4)],
  createdAt: 1_800_000_000_000,
  name: 'client-x.onnx',
  isPinned: false,
  isAuto: true,
  data: { name: 'test.npz', sha256: hashOf(3), samples: 500 },
  report: sampleReport(5),
  files: [{ name: 'client-x.small.onnx', sizeBytes: 11_839_554, sha256: hashOf(2) }],
}

const job: JournalRecord = {
  version: 1,
  id,
  createdAt: 1,
  updatedAt: 2,
  phase: 'running',
  recipe: 'auto',
  attempts: 1,
  resultIds: [id],
  expected: [{ path: 'folder/client-x.onnx', sizeBytes: 3 }],
  inputId: id,
  data: { name: 'test.npz', inputId: null, preprocess: 'mnist', state: ['h=c'] },
}

describe('readRecord', () => {
  it('gives back what is whole', () => {
    expect(readRecord(ResultRecordSchema, structuredClone(result))).toEqual(result)
    expect(readRecord(JournalRecordSchema, structuredClone(job))).toEqual(job)
    const input = {
      version: 1,
      id,
      sha256: null,
      files: [{ path: 'a/b.onnx', sizeBytes: 1, lastModified: 2 }],
      sizeBytes: 1,
      usedAt: 3,
    }
    expect(readRecord(InputRecordSchema, input)).toEqual(input)
    const preset = { id, name: 'for phones', recipe: RECIPE, createdAt: 1 }
    expect(readRecord(PresetSchema, preset)).toEqual(preset)
    const checkpoint = { jobId: id, key: hashOf(9), json: { any: ['thing'] }, file: null }
    expect(readRecord(CheckpointRecordSchema, checkpoint)).toEqual(checkpoint)
  })

  it.each([
    ['a version to come', { version: 2 }],
    ['an id that is a path', { id: '../../results' }],
    ['a time that is none', { createdAt: NaN }],
    ['a negative size', { files: [{ ...result.files[0], sizeBytes: -1 }] }],
    ['half a byte', { files: [{ ...result.files[0], sizeBytes: 0.5 }] }],
    ['a hash in capitals', { files: [{ ...result.files[0], sha256: hashOf(2).toUpperCase() }] }],
    ['no report', { report: null }],
    ['a report without sizes', { report: { ...result.report, output: { ...result.report.output, sizeBytes: '9' } } }],
    [
      'an error that is no number',
      { report: { ...result.report, quality: { ...result.report.quality, cosine: NaN } } },
    ],
    ['a recipe with code in it', { report: { ...result.report, recipe: { ...RECIPE, onload: 'x' } } }],
  ])('refuses %s', (_, change) => {
    expect(readRecord(ResultRecordSchema, { ...result, ...change })).toBeNull()
  })

  it('copies known fields only into a fresh object', () => {
    const read = readRecord(ResultRecordSchema, JSON.parse(JSON.stringify({ ...result, __proto__: null, evil: 1 })))
    expect(read).toEqual(result)
    expect(read && 'evil' in read).toBe(false)
  })

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readRecord(ResultRecordSchema, value)).toBeNull()
        expect(readRecord(JournalRecordSchema, value)).toBeNull()
      }),
    )
  })

  it('refuses a record with any one field missing that the page relies on', () => {
    const optional = new Set(['isDamaged', 'removedAt'])
    for (const key of Object.keys(result).filter((name) => !optional.has(name))) {
      const { [key as keyof ResultRecord]: _gone, ...rest } = result
      expect(readRecord(ResultRecordSchema, rest), key).toBeNull()
    }
    for (const key of Object.keys(result.report)) {
      const { [key as keyof ResultRecord['report']]: _gone, ...report } = result.report
      expect(readRecord(ResultRecordSchema, { ...result, report }), `report.${key}`).toBeNull()
    }
  })
})
