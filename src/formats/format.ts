import type { ByteSource, Bytes, FileSet, OutputFolder } from '../core/bytes'
import type { OnProgress } from '../core/progress'
import type { Tensor } from '../core/tensor'
import type { Model } from '../graph/model'
import type { Table } from './csv/table'

/** What the registry knows of a format before its code is loaded. */
export interface FormatMeta {
  /** Short name, e.g. 'onnx'; what reports and `inspect` print. */
  readonly id: string
  readonly label: string
  /** With the dot, lower case. */
  readonly extensions: readonly string[]
}

export interface ReadOptions {
  signal?: AbortSignal
}

export interface WriteOptions {
  signal?: AbortSignal
  onProgress?: OnProgress
  /** Encode anew even where nothing changed and the original bytes would do (R1). */
  reencode?: boolean
  /** Where weights go: 'auto' puts them into a second file only when one file would pass 2 GB. */
  externalData?: 'auto' | 'always'
}

export interface WrittenFile {
  readonly name: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** A model format: bytes ↔ Model. See README.md in this folder. */
export interface ModelFormat {
  /** Whether the first 4 KiB (or all) of a file look like this format. Never throws. */
  match(head: Bytes, name: string): boolean
  /** @throws FormatError naming file and offset */
  read(files: FileSet, options?: ReadOptions): Promise<Model>
  /** Writes `name` (and files beside it); the first of the result is the main file. Nothing is left after a failure. */
  write(model: Model, folder: OutputFolder, name: string, options?: WriteOptions): Promise<WrittenFile[]>
}

/** A decoded picture: 8-bit channels in row-major [height, width, channels] order; gray has 1 channel, colour 3 (RGB). */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly pixels: Bytes
}

/** Labels of samples: whole numbers, one or several a sample; below zero = ignored. */
export interface Labels {
  /** Shape of one sample's labels; [] for a single class. */
  readonly shape: readonly number[]
  /** [count, ...shape] */
  readonly values: Int32Array
}

/** Data for calibration, evaluation and training. `sha256` is over the files' bytes, in order. */
export type Samples = {
  /** Where it came from, for reports. */
  readonly name: string
  readonly sha256: string
  readonly count: number
  readonly labels?: Labels
  /** Things a person must know about how it was read (a colour profile ignored, …). */
  readonly notes: readonly string[]
} & (
  | {
      readonly kind: 'arrays'
      /** Per input name ('' where the file has no names): [count, ...sample], or rank 0 for a value that all samples share. */
      readonly arrays: ReadonlyMap<string, Tensor>
      /** Rows of the arrays that are the samples, in order; absent where all are. */
      readonly rows?: readonly number[]
    }
  | {
      /** Which columns are which inputs only the model says. */
      readonly kind: 'table'
      readonly table: Table
      /** Column of the labels, by name or number; default: that which the model was trained for. */
      readonly target?: string
      /** As of arrays. */
      readonly rows?: readonly number[]
    }
  | {
      readonly kind: 'pictures'
      read(index: number): Promise<Picture>
    }
)

/** JPEG, PNG and WebP → pixels. Its WASM is found differently in page and Node, so it is injected. */
export interface PictureDecoder {
  /**
   * @param name for messages
   * @throws FormatError for damaged bytes, UnsupportedError for what is valid but not read (CMYK, animation)
   */
  decode(bytes: Bytes, name: string): Promise<Picture>
}

export interface SampleReadOptions extends ReadOptions {
  /** Needed for folders of pictures only. */
  decoder?: PictureDecoder
  /** Of tables: the column of the labels, by name or by its number from 0 on. */
  target?: string
}

/** A format of samples. */
export interface SampleFormat {
  /** Whether this format takes these files; `head` is the start (up to 4 KiB) of the first of them. Never throws. */
  match(head: Bytes, files: SampleFiles): boolean
  /** @throws FormatError naming file and offset; UsageError where the files do not belong together */
  read(files: SampleFiles, options?: SampleReadOptions): Promise<Samples>
}

/** One or several data files, or a folder of them: paths relative to what was given, with `/`, sorted. */
export interface SampleFiles {
  readonly name: string
  readonly paths: readonly string[]
  open(path: string): Promise<ByteSource>
  /** Opens a file that lies beside those given but was not given itself; null where there is none or none can be seen. */
  sibling?(path: string): Promise<ByteSource | null>
}
