export const samples = {
  title: 'No model at hand? Try a sample',
  names: {
    shapes: { name: 'Shape classifier', what: 'A small trained network with 360 labelled pictures' },
    int8: { name: 'Already int8', what: 'The same network, already compressed' },
    damaged: { name: 'Damaged file', what: 'An interrupted download, to see an error' },
    cells: { name: 'Table of cells', what: '320 rows with 30 measurements each, to train a model on' },
  } as Readonly<Record<string, { name: string; what: string }>>,
  failed: (name: string) => `The sample ${name} could not be read. Reload the page and try again.`,
}
