import { plural } from '../plural'

export const data = {
  title: 'Measure accuracy on your data',
  optional: 'optional',
  add: 'Add sample data',
  addFolder: 'Add image folder',
  kinds: '.npz, .npy, idx(.gz) pair, or a folder of labelled images',
  refused: (name: string, kinds: string) => `${name}: ${kinds}`,
  without: 'Without data, made-up inputs are compared.',
  remove: 'Remove data',
  used: 'This result was measured with it.',
  files: (count: number) => plural('en', count, { one: `${count} file`, other: `${count} files` }),
  rerun: 'Measure with this data',
}
