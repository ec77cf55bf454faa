import type { Messages } from '../en'
import { plural } from '../plural'

export const layers: Messages['layers'] = {
  title: 'Couche par couche',
  intro:
    'Chaque couche est quantifiée seule, puis gardée seule en flottants\u00a0: on voit lesquelles coûtent de la qualité. Choisissez celles à garder en flottants, et voyez ce que cela coûterait.',
  start: 'Mesurer chaque couche',
  needsFile: 'Déposez à nouveau le fichier pour mesurer ses couches.',
  cancel: 'Arrêter la mesure',
  running: 'Mesure des couches',
  found: (count, text, samples) =>
    plural('fr', count, {
      one: `${text} couche, sur ${samples} échantillons`,
      other: `${text} couches, sur ${samples} échantillons\u202f; la plus sensible d’abord`,
    }),
  chart: 'Erreur de chaque couche',
  summary: (count, worst) =>
    `${plural('fr', count, { one: `${count} couche`, other: `${count} couches` })} selon cinq mesures d’erreur\u202f; ${worst} perd le plus.`,
  help: 'Les flèches déplacent, Espace garde une couche en flottants, Entrée sur un titre trie. Plus foncé, c’est pire.',
  layer: 'Couche',
  sqnr: 'Signal sur bruit, seule',
  drop: 'Perte, seule',
  gain: 'Gain en flottants',
  inUnit: (measure, metric) => `${measure} (${{ accuracy: 'points', agreement: '%', nll: 'nats', sqnr: '%' }[metric]})`,
  clipped: 'Écrêté',
  size: 'Coût en flottants',
  keep: 'Flottants',
  keepLayer: (name) => `Garder ${name} en flottants`,
  points: (value) => `${value} points`,
  chosen: (count, size, gain) =>
    plural('fr', count, {
      one: `1 couche en flottants\u00a0: ${size}, ${gain} attendus.`,
      other: `${count} couches en flottants\u00a0: ${size}, ${gain} attendus.`,
    }),
  none: 'Aucune couche n’est choisie.',
  make: 'Créer ce modèle',
  clear: 'N’en choisir aucune',
  stayed: 'Déjà en flottants',
  histogram: 'Valeurs avant et après',
  histogramHelp: 'La grille est ce que des entiers peuvent contenir\u202f; ce qui en sort est ramené à ses bords.',
  tensor: 'Tenseur',
  histogramSummary: (name, levels, clipped) =>
    `Histogramme de ${name} avant et après\u00a0: ${levels} niveaux, ${clipped} écrêtés.`,
  histogramLegend: '▇ avant · ┌┐ après · | niveaux de la grille · ┊ bords de la plage',
  facts: (type, low, high, step, clipped) =>
    `${type}, de ${low} à ${high} par pas de ${step}\u202f; ${clipped} écrêtés.`,
  clippedUnknown: 'une part inconnue',
  value: 'Valeur',
  share: 'Part des valeurs',
  from: 'De',
  to: 'À',
  before: 'Avant',
  after: 'Après',
  noHistogram: 'Seule sa plage est connue.',
}
