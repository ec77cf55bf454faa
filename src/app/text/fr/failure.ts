import type { Messages } from '../en'

export const failure: Messages['failure'] = {
  titles: {
    FormatError: 'Ce fichier ne peut pas être lu',
    UnsupportedError: 'Plume ne sait pas encore faire cela',
    UsageError: 'Une option ou les données ne conviennent pas',
    ShapeError: 'Des formes ne s’accordent pas',
    RuntimeFailure: 'ONNX Runtime refuse ce modèle',
    DeviceError: 'Cet appareil n’a pas pu aller au bout',
  },
  bug: 'Une erreur s’est produite dans Plume',
  what: 'Quoi',
  where: 'Où',
  todo: 'Que faire',
  atByte: (file, offset) => `${file}, octet ${offset}`,
  node: (node) => `nœud ${node}`,
  todos: {
    RuntimeFailure:
      'Plume ne propose que ce qu’ONNX Runtime exécute. Vérifiez que l’original y fonctionne, ou exportez-le de nouveau avec des opérateurs standard.',
    ShapeError: 'Vérifiez que les données ont les formes que demandent les entrées du modèle.',
    DeviceError: 'Fermez d’autres onglets et réessayez, ou passez par la ligne de commande.',
    UnsupportedError: 'Choisissez une autre méthode dans les options, ou exportez le modèle autrement.',
    UsageError: 'Modifiez l’option ou les données, puis réessayez.',
    FormatError: 'Le fichier est peut-être endommagé ou incomplet\u202f; récupérez-le de nouveau.',
  },
  bugTodo: 'Réessayez. Si cela se reproduit, signalez-le avec ces détails.',
  copyDetails: 'Copier les détails',
}
