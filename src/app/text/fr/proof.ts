import type { Messages } from '../en'
import { plural } from '../plural'

export const proof: Messages['proof'] = {
  levels: { safe: 'Utilisable sans crainte', check: 'À vérifier', 'not-recommended': 'Déconseillé' },
  fixes: 'Ce qui aiderait',
  fix: 'Le faire ainsi',
  fixCost: (size) => size,
  fixGain: (points) => `${points} attendus`,
  providers: 'Sur chaque moteur',
  providersHelp:
    'Le premier est le juge\u00a0: le moteur qu’utilisent les pages web. «\u202fÉcart au juge\u202f» est la plus grande différence, rapportée à l’étendue de la sortie.',
  provider: 'Exécuté sur',
  agreement: 'Accord avec l’original',
  accuracy: 'Exactitude',
  disagreement: 'Écart au juge',
  saturated: 'Sommes qui débordent',
  speed: 'Une exécution, avant → après',
  samples: 'Échantillons',
  ok: 'mêmes réponses',
  notOk: 'réponses différentes',
  none: 'aucune',
  saturatedOf: (count, pairs) => `${count} sur ${pairs}`,
  ortName: (name) => `moteur ONNX Runtime (${name})`,
  ownName: (name) => `Moteur de Plume (${name})`,
  x86Name: 'x86 sans VNNI (simulé)',
  overflowing: (layers) => `Couches dont les sommes y débordent\u00a0: ${layers}.`,
  certainty: 'Avec quelle certitude',
  bootstrap: (low, high, resamples) =>
    `En retirant les échantillons au sort ${resamples} fois, le changement va de ${low} à ${high} dans 95\u202f% des tirages.`,
  mcnemar: (lost, lostText, gained) =>
    plural('fr', lost, {
      one: `${lostText} réponse juste est devenue fausse\u202f; ${gained} en sens inverse.`,
      other: `${lostText} réponses justes sont devenues fausses\u202f; ${gained} en sens inverse.`,
    }),
  chance: (p) =>
    `D’après le test de McNemar, le hasard seul donne une telle différence, ou une plus grande, dans ${p} des cas.`,
  byChance: 'La différence peut donc être due au hasard.',
  notChance: 'La différence dépasse donc le hasard.',
  classes: 'Classe par classe',
  classesHelp: 'Celles qui perdent le plus viennent d’abord.',
  class: 'Classe',
  before: 'Justes avant',
  after: 'Justes après',
  change: 'Changement',
  few: 'peu d’échantillons',
  report: 'Rapport',
  reportHtml: 'Télécharger le rapport (HTML)',
  reportCard: 'Fiche du modèle (Markdown)',
}
