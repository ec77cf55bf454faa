import type { Messages } from '../en'

export const samples: Messages['samples'] = {
  title: 'Pas de modèle sous la main\u202f? Essayez un exemple',
  names: {
    shapes: { name: 'Classifieur de formes', what: 'Un petit réseau entraîné, avec 360 images étiquetées' },
    digits: { name: 'Classifieur de chiffres', what: 'Un autre, pour des chiffres dessinés, avec 300 images' },
    int8: { name: 'Déjà en int8', what: 'Le même réseau, déjà compressé' },
    cells: { name: 'Tableau de cellules', what: '320 lignes de 30 mesures, pour entraîner un modèle' },
    'cells-model': { name: 'Classifieur de tableau', what: 'Entraîné sur le tableau de cellules, qui est joint' },
    damaged: { name: 'Fichier endommagé', what: 'Un téléchargement interrompu, pour voir une erreur' },
  },
  failed: (name) => `L’exemple «\u202f${name}\u202f» n’a pas pu être lu. Rechargez la page et réessayez.`,
}
