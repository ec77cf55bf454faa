import type { Note } from '../../core/progress'
import type { Role, TablePlan } from '../../engine/data/table/table'
import { UnsupportedError } from '../../core/errors'
import type { PictureDecoder, SampleFiles, Samples } from '../../formats/format'
import type { TrainSettings } from './request'

/** What was given, before anything is trained: shown with roles that can be changed. Plain JSON. */
export interface DataPreview {
  readonly kind: 'table' | 'pictures'
  readonly name: string
  readonly samples: number
  /** Of a table; of pictures: none. */
  readonly columns: readonly PreviewColumn[]
  /** Cells of the first rows, as text; '' where missing. */
  readonly rows: readonly (readonly string[])[]
  readonly task: 'classification' | 'regression'
  /** With the settings' changes. */
  readonly plan?: TablePlan
  readonly classes?: readonly { readonly name: string; readonly samples: number }[]
  /** Of pictures. */
  readonly size?: { readonly width: number; readonly height: number; readonly channels: number }
  /** Widths of hidden layers that suit the data, best guess first; [] is a linear model. */
  readonly suggestions: readonly (readonly number[])[]
  readonly notes: readonly Note[]
}

export interface PreviewColumn {
  readonly name: string
  readonly kind: 'number' | 'text'
  readonly role: Role
  readonly why?: string
  readonly missing: number
  /** Distinct texts, or least and greatest number. */
  readonly categories?: number
  readonly range?: readonly [number, number]
}

export interface DataOptions {
  readonly signal?: AbortSignal
  /** Needed for folders of pictures. */
  readonly decoder?: PictureDecoder
}

/**
 * Reads data and says what training would make of it.
 * @throws FormatError, UsageError for files that are no data, or settings that do not fit them
 */
export async function previewData(
  files: SampleFiles,
  settings: TrainSettings,
  options: DataOptions = {},
): Promise<DataPreview> {
  void [settings, options]
  throw new UnsupportedError(`${files.name} cannot be trained on yet.`)
}

/**
 * The samples that a training with these settings used for one purpose: what the compression of its model is measured on
 * ('test') and calibrated on ('train'). The same seed gives the same samples.
 */
export async function openSplit(
  files: SampleFiles,
  settings: TrainSettings,
  part: 'train' | 'validation' | 'test',
  options: DataOptions = {},
): Promise<Samples> {
  void [settings, part, options]
  throw new UnsupportedError(`${files.name} cannot be trained on yet.`)
}
