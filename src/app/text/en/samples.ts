export const samples = {
  title: 'No model at hand? Try a sample',
  names: {
    shapes: { name: 'Shape classifier', what: 'A small trained network with 360 labelled pictures' },
    digits: { name: 'Digit classifier', what: 'Another one, for drawn digits, with 300 pictures' },
    int8: { name: 'Already int8', what: 'The same network, already compressed' },
    cells: { name: 'Table of cells', what: '320 rows with 30 measurements each, to train a model on' },
    'cells-model': { name: 'Table classifier', what: 'Trained on the table of cells, which comes along' },
    damaged: { name: 'Damaged file', what: 'An interrupted download, to see an error' },
  } as Readonly<Record<string, { name: string; what: string }>>,
  failed: (name: string) => `The sample ${name} could not be read. Reload the page and try again.`,
}
