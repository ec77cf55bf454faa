import { describe, expect, it } from 'vitest'
import type { InputFile } from '../../workers/job-api'
import { sortFiles } from './sort'

const drop = (...paths: string[]): InputFile[] => paths.map((path) => ({ path, file: new File([path], path) }))
const paths = (files: readonly InputFile[] | undefined) => files?.map(({ path }) => path)

describe('sortFiles', () => {
  it('makes a job of every model', () => {
    const { models, data } = sortFiles(drop('a.onnx', 'b.ONNX'))
    expect(models.map(paths)).toEqual([['a.onnx'], ['b.ONNX']])
    expect(data).toBeNull()
  })

  it('gives a model the weight files of its own folder, by relative path', () => {
    const flat = sortFiles(drop('model.onnx', 'model.onnx.data'))
    expect([flat.models.map(paths), flat.data]).toEqual([[['model.onnx', 'model.onnx.data']], null])
    expect(sortFiles(drop('model.onnx.data')).tables).toEqual([])
    const { models } = sortFiles(drop('net/model.onnx', 'net/model.onnx.data', 'net/w/part.bin', 'other/x.bin'))
    expect(models.map(paths)).toEqual([['model.onnx', 'model.onnx.data', 'w/part.bin']])
  })

  it('takes arrays as data, pairs together', () => {
    const { models, data } = sortFiles(drop('m.onnx', 't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'))
    expect(models.map(paths)).toEqual([['m.onnx']])
    expect(data?.name).toBe('t10k-images-idx3-ubyte.gz + t10k-labels-idx1-ubyte.gz')
  })

  it('takes a folder of pictures as data, relative to the folder', () => {
    const { models, data } = sortFiles(drop('set/labels.csv', 'set/cat/1.jpg', 'set/dog/2.png', 'set/README.md'))
    expect(models).toEqual([])
    expect(data?.name).toBe('set')
    expect(paths(data?.files)).toEqual(['labels.csv', 'cat/1.jpg', 'dog/2.png'])
  })

  it('remembers the folder of each model, so that people can tell equal names apart', () => {
    const { models } = sortFiles(drop('a/model.onnx', 'b/model.onnx', 'c.onnx'))
    expect(models.map(([{ path, folder }]) => [folder, path])).toEqual([
      ['a/', 'model.onnx'],
      ['b/', 'model.onnx'],
      [undefined, 'c.onnx'],
    ])
  })

  it('measures each model with the data of its own folder, else with those of none', () => {
    const { models, dataOfModels } = sortFiles(
      drop('set/a/m.onnx', 'set/a/t.npz', 'set/b/m.onnx', 'set/b/img/labels.csv', 'set/b/img/1.png', 'set/c/m.onnx'),
    )
    expect(models).toHaveLength(3)
    expect(dataOfModels.map((data) => data?.name)).toEqual(['t.npz', 'set/b/img', undefined])
    const shared = sortFiles(drop('a/m.onnx', 'b/m.onnx', 'all.npz'))
    expect(shared.dataOfModels.map((data) => data?.name)).toEqual(['all.npz', 'all.npz'])
    const one = sortFiles(drop('a/m.onnx', 'elsewhere/t.npz'))
    expect(one.dataOfModels.map((data) => data?.name)).toEqual(['t.npz'])
  })

  it('sorts two thousand models of one folder at once', () => {
    const files = drop(...Array.from({ length: 2000 }, (_, n) => `all/${n}.onnx`))
    const start = performance.now()
    expect(sortFiles(files).models).toHaveLength(2000)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('takes each table that comes without a model as something to train on', () => {
    const { models, data, tables } = sortFiles(drop('set/iris.csv', 'set/README.md', 'wdbc.data', 'big.tsv.gz'))
    expect([models, data]).toEqual([[], null])
    expect(tables.map(({ name, files }) => [name, paths(files)])).toEqual([
      ['iris.csv', ['iris.csv']],
      ['wdbc.data', ['wdbc.data']],
      ['big.tsv.gz', ['big.tsv.gz']],
    ])
  })

  it('leaves tables to the model or the pictures that they came with', () => {
    const beside = sortFiles(drop('m.onnx', 'test.csv'))
    expect([beside.tables, paths(beside.models[0]), beside.data?.name]).toEqual([[], ['m.onnx'], 'test.csv'])
    const folder = sortFiles(drop('net/m.onnx', 'net/notes.csv'))
    expect([folder.tables, folder.data, paths(folder.models[0])]).toEqual([[], null, ['m.onnx', 'notes.csv']])
    const pictures = sortFiles(drop('set/labels.csv', 'set/1.png'))
    expect([pictures.tables, paths(pictures.data?.files)]).toEqual([[], ['labels.csv', '1.png']])
  })

  it('takes a zip that comes alone as data', () => {
    expect(sortFiles(drop('digits.zip')).data?.name).toBe('digits.zip')
    expect(sortFiles(drop('m.onnx', 'weights.zip')).data).toBeNull()
  })

  it('leaves a lone stranger to the readers, which say what it is', () => {
    expect(sortFiles(drop('notes.txt')).models.map(paths)).toEqual([['notes.txt']])
  })
})
