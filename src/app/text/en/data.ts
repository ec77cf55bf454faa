import { plural } from '../plural'

export const data = {
  title: 'Your data',
  optional: 'optional',
  add: 'Add sample data',
  addFolder: 'Add image folder',
  kinds: '.npz, .npy, .csv, idx(.gz) pair, or a folder of labelled images',
  refused: (name: string, kinds: string) => `${name}: ${kinds}`,
  without: 'It chooses the ranges of integers and measures accuracy. Without it, made-up inputs are compared.',
  remove: 'Remove data',
  used: 'This result was measured with it.',
  split: 'Where ranges are chosen, every fifth sample chooses them and the others measure accuracy.',
  trained: 'The test samples of the training measure accuracy, and those it learned from choose ranges.',
  target: 'Column of the labels, by name or by its number from 0 on',
  targetGuessed: 'that which the model was trained for',
  whole: 'All of it measures accuracy.',
  files: (count: number) => plural('en', count, { one: `${count} file`, other: `${count} files` }),
  rerun: 'Measure with this data',
  calibrate: 'Data to choose ranges on, apart from that of the test',
  calibrateHelp: 'Only where you have it apart. Labels are not needed.',
  calibrateAdd: 'Add calibration data',
  calibrateRemove: 'Remove calibration data',
}
