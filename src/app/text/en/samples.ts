export const samples = {
  title: 'No model at hand? Try a sample',
  names: {
    shapes: { name: 'Shape classifier', what: 'A small trained network with 360 labelled pictures' },
    int8: { name: 'Already int8', what: 'The same network, already compressed' },
    damaged: { name: 'Damaged file', what: 'An interrupted download, to see an error' },
  } as Readonly<Record<string, { name: string; what: string }>>,
  failed: (name: string) => `The sample ${name} could not be read. Reload the page and try again.`,
}
