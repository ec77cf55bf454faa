export const failure = {
  titles: {
    FormatError: 'This file cannot be read',
    UnsupportedError: 'Plume cannot do this yet',
    UsageError: 'An option or the data does not fit',
    ShapeError: 'Shapes do not fit together',
    RuntimeFailure: 'ONNX Runtime refuses this model',
    DeviceError: 'This device could not finish',
  } as Readonly<Record<string, string>>,
  bug: 'Something went wrong in Plume',
  what: 'What',
  where: 'Where',
  todo: 'What to do',
  atByte: (file: string, offset: string) => `${file}, byte ${offset}`,
  node: (node: string) => `node ${node}`,
  todos: {
    RuntimeFailure:
      'Plume only offers what ONNX Runtime runs. Check that the original runs there, or export it again with standard operators.',
    ShapeError: 'Check that the data has the shapes that the model’s inputs ask for.',
    DeviceError: 'Close other tabs and try again, or use the command line.',
    UnsupportedError: 'Choose another method in Options, or export the model differently.',
    UsageError: 'Change the option or the data and try again.',
    FormatError: 'The file may be damaged or incomplete; fetch it again.',
  } as Readonly<Record<string, string>>,
  bugTodo: 'Try again. If it happens twice, please report it with these details.',
  copyDetails: 'Copy details',
}
