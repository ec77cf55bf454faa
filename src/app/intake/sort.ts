import type { DataFiles, InputFile, ModelFiles } from '../../workers/job-api'

/** What a drop means: models with the files beside them, and data to measure them with. */
export interface Sorted {
  readonly models: readonly ModelFiles[]
  readonly data: DataFiles | null
}

const DATA = /\.(npz|npy|idx|idx[13]-ubyte|ubyte|gz)$/i
const PICTURE = /\.(jpe?g|png|webp)$/i
const MODEL = /\.onnx$/i

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/**
 * Every .onnx file is a model; the files in and under its folder may hold its weights. Tables of arrays and pictures
 * are data. A file that is none of these is a model when no .onnx came with it, so that its reader can say what it is.
 */
export function sortFiles(files: readonly InputFile[]): Sorted {
  const data = dataOf(files)
  const isData = new Set(data?.files.map(({ file }) => file))
  const rest = files.filter(({ file }) => !isData.has(file))
  const named = rest.filter(({ path }) => MODEL.test(path))
  const mains = named.length > 0 ? named : data ? [] : rest
  return { models: mains.map((main) => withNeighbours(main, rest, mains)), data }
}

function withNeighbours(main: InputFile, all: readonly InputFile[], mains: readonly InputFile[]): ModelFiles {
  const folder = folderOf(main.path)
  const neighbours = all.filter((other) => !mains.includes(other) && other.path.startsWith(folder))
  return [
    { path: nameOf(main.path), file: main.file },
    ...neighbours.map(({ path, file }) => ({ path: path.slice(folder.length), file })),
  ]
}

function dataOf(files: readonly InputFile[]): DataFiles | null {
  const arrays = files.filter(({ path }) => DATA.test(path))
  if (arrays.length > 0) {
    const relative = arrays.map(({ path, file }) => ({ path: nameOf(path), file }))
    return { name: relative.map(({ path }) => path).join(' + '), files: relative }
  }
  const pictures = files.filter(({ path }) => PICTURE.test(path))
  if (pictures.length === 0) return null
  const tables = files.filter(({ path }) => nameOf(path) === 'labels.csv')
  const root = commonFolder([...pictures, ...tables].map(({ path }) => path))
  return {
    name: root.replace(/\/$/, '') || nameOf(pictures[0]?.path ?? ''),
    files: [...tables, ...pictures].map(({ path, file }) => ({ path: path.slice(root.length), file })),
  }
}

/** The longest folder that all paths share, with its final slash. */
function commonFolder(paths: readonly string[]): string {
  let common = folderOf(paths[0] ?? '')
  for (const path of paths) {
    while (!path.startsWith(common)) common = folderOf(common.slice(0, -1))
  }
  return common
}
