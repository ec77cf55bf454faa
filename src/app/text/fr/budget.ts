import type { Messages } from '../en'

export const budget: Messages['budget'] = {
  title: 'Que peut-on y perdre\u202f?',
  quality: 'Garder la qualité',
  size: 'Tenir dans une taille',
  loss: 'Perte de qualité tolérée',
  limit: 'Taille maximale',
  noLoss: 'Aucune perte mesurable',
  drop: (points) => `Au plus ${points} en moins`,
  fits: (size) => `Au plus ${size}`,
  predicted: (size) => `Environ ${size}, si 8 bits suffisent.`,
  predictedRange: (small, large) => `Environ ${small} à ${large}, selon le nombre de bits que supportent les couches.`,
  sizeFits: (size) => `8 bits donnent environ ${size}\u00a0: cela tient.`,
  sizeTight: (size) => `8 bits donnent environ ${size}\u00a0: certaines couches auront moins de bits.`,
  sizeFar: (size) =>
    `Même avec 4 bits, il fait environ ${size}\u00a0: sans doute hors d’atteinte. Le résultat le plus proche est proposé.`,
  needsData: 'Ajoutez des données\u00a0: les plages et les bits seront choisis d’après elles.',
  invalid: 'Indiquez une taille supérieure à zéro.',
  more: 'Autres réglages de la recherche',
  trials: 'Nombre maximal d’essais',
  trialsHelp:
    'Plus d’essais prennent plus de temps et peuvent trouver plus petit. Vide\u00a0: autant que Plume juge utile.',
  trialsInvalid: 'Indiquez un nombre entier de 1 à 1\u202f000, ou rien.',
  other: 'Chercher avec un autre budget',
  again: 'Chercher à nouveau ainsi',
}
