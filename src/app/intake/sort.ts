import type { DataFiles, InputFile, ModelFiles } from '../../workers/job-api'

/** What a drop means: models with the files beside them, and data to measure them with. */
export interface Sorted {
  readonly models: readonly ModelFiles[]
  /** All data of the drop. */
  readonly data: DataFiles | null
  /** What each model is measured with, in the order of `models`. */
  readonly dataOfModels: readonly (DataFiles | null)[]
  /** Tables, each of which a model can be trained on. */
  readonly tables: readonly DataFiles[]
}

export const TABLE = /\.(csv|tsv|(?<!\.onnx\.)data)(\.gz)?$/i
/** Beside a model, .data holds its weights. */
const TABLE_OF_MODEL = /\.(csv|tsv)(\.gz)?$/i
const DATA = /\.(npz|npy|idx|idx[13]-ubyte|ubyte|gz)$/i
const ZIP = /\.zip$/i
const PICTURE = /\.(jpe?g|png|webp)$/i
const MODEL = /\.onnx$/i

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/**
 * Every .onnx file is a model; the files in and under its folder may hold its weights. Arrays and pictures are data. A
 * table, which came without a model, is trained on. A file that is none of these is a model when no .onnx came with it, so that its reader can say what it is.
 */
export function sortFiles(files: readonly InputFile[]): Sorted {
  const hasModel = files.some(({ path }) => MODEL.test(path))
  const data = dataOf(files, hasModel)
  const isData = new Set(data?.files.map(({ file }) => file))
  const rest = files.filter(({ file }) => !isData.has(file))
  const tables = hasModel ? [] : rest.filter(({ path }) => TABLE.test(path))
  const named = rest.filter(({ path }) => MODEL.test(path))
  const mains = hasModel ? named : data || tables.length > 0 ? [] : rest
  const folders = foldersOf(mains, rest)
  return {
    models: mains.map((main) => {
      const folder = folderOf(main.path)
      return [{ path: nameOf(main.path), file: main.file, ...(folder && { folder }) }, ...(folders.get(folder) ?? [])]
    }),
    data,
    dataOfModels: dataOfModels(mains, files, data),
    tables: tables.map(({ path, file }) => ({ name: nameOf(path), files: [{ path: nameOf(path), file }] })),
  }
}

/** What lies beside and below the models of each folder, with paths from there; once for all models of a folder. */
function foldersOf(mains: readonly InputFile[], all: readonly InputFile[]): ReadonlyMap<string, readonly InputFile[]> {
  const isMain = new Set(mains)
  const others = all.filter((other) => !isMain.has(other))
  const folders = new Set(mains.map(({ path }) => folderOf(path)))
  return new Map(
    [...folders].map((folder) => [
      folder,
      others
        .filter(({ path }) => path.startsWith(folder))
        .map(({ path, file }) => ({ path: path.slice(folder.length), file })),
    ]),
  )
}

/**
 * Of several models each is measured with the data of its own folder; data that lie in no model's folder are for all
 * that have none.
 */
function dataOfModels(
  mains: readonly InputFile[],
  all: readonly InputFile[],
  data: DataFiles | null,
): readonly (DataFiles | null)[] {
  if (!data || mains.length === 1) return mains.map(() => data)
  const isMain = new Set(mains)
  const others = all.filter((other) => !isMain.has(other))
  const folders = [...new Set(mains.map(({ path }) => folderOf(path)))]
  const common = dataOf(others.filter(({ path }) => !folders.some((folder) => path.startsWith(folder))))
  const own = new Map(
    folders.map((folder) => [folder, dataOf(others.filter(({ path }) => path.startsWith(folder))) ?? common]),
  )
  return mains.map(({ path }) => own.get(folderOf(path)) ?? null)
}

/**
 * @param hasModel a zip beside a model is left to it, and alone it holds pictures; one table that was dropped with a model
 * is to measure it
 */
function dataOf(files: readonly InputFile[], hasModel = true): DataFiles | null {
  const isArray = (path: string) => DATA.test(path) && !TABLE.test(path)
  const arrays = files.filter(({ path }) => isArray(path) || (!hasModel && ZIP.test(path)))
  if (arrays.length > 0) {
    const relative = arrays.map(({ path, file }) => ({ path: nameOf(path), file }))
    return { name: relative.map(({ path }) => path).join(' + '), files: relative }
  }
  const pictures = files.filter(({ path }) => PICTURE.test(path))
  if (pictures.length === 0) return hasModel ? loneTable(files) : null
  const tables = files.filter(({ path }) => nameOf(path) === 'labels.csv')
  const root = commonFolder([...pictures, ...tables].map(({ path }) => path))
  return {
    name: root.replace(/\/$/, '') || nameOf(pictures[0]?.path ?? ''),
    files: [...tables, ...pictures].map(({ path, file }) => ({ path: path.slice(root.length), file })),
  }
}

function loneTable(files: readonly InputFile[]): DataFiles | null {
  const [table, ...others] = files.filter(({ path }) => TABLE_OF_MODEL.test(path) && !path.includes('/'))
  return table && others.length === 0 ? { name: table.path, files: [table] } : null
}

/** The longest folder that all paths share, with its final slash. */
function commonFolder(paths: readonly string[]): string {
  let common = folderOf(paths[0] ?? '')
  for (const path of paths) {
    while (!path.startsWith(common)) common = folderOf(common.slice(0, -1))
  }
  return common
}
