import type { FormatMeta, SampleFormat } from './format'

export interface RegisteredSampleFormat extends FormatMeta {
  load(): Promise<SampleFormat>
}

/** Formats of samples, asked in this order. One line each. */
export const SAMPLE_FORMATS: readonly RegisteredSampleFormat[] = [
  { id: 'npz', label: 'NumPy archive', extensions: ['.npz'], load: async () => (await import('./npy/npz')).npz },
  { id: 'npy', label: 'NumPy array', extensions: ['.npy'], load: async () => (await import('./npy/npz')).npy },
  { id: 'idx', label: 'IDX (MNIST)', extensions: ['-ubyte', '.gz'], load: async () => (await import('./idx/idx')).idx },
  {
    id: 'pictures',
    label: 'Pictures',
    extensions: ['.jpg', '.jpeg', '.png', '.webp'],
    load: async () => (await import('./pictures/pictures')).pictures,
  },
  {
    id: 'csv',
    label: 'Table (CSV, TSV)',
    extensions: ['.csv', '.tsv', '.data'],
    load: async () => (await import('./csv/csv')).csv,
  },
]
