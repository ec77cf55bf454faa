import type { Messages } from '../en'

export const options: Messages['options'] = {
  title: 'Options',
  intro:
    'Aucune n’est nécessaire\u00a0: sans elles, Plume essaie plusieurs voies et garde la plus petite qui fonctionne.',
  close: 'Fermer',
  automatic: 'Choisir pour moi',
  automaticHelp:
    'Nettoie le graphe, essaie des poids en int8 et en float16, vérifie chaque version et garde la plus petite qui fonctionne.',
  manual: 'Choisir les étapes',
  manualHelp: 'Les étapes s’enchaînent dans cet ordre.',
  range: (min, max) => `de ${min} à ${max}`,
  seed: 'Graine',
  seedHelp: 'Celle des entrées inventées. La même graine donne le même rapport.',
  pictures: 'Comment les images deviennent des entrées',
  picturesHelp:
    'Uniquement pour des images. «\u202fTout essayer\u202f» retient le prétraitement qui donne à l’original sa meilleure exactitude.',
  tryAll: 'Tout essayer',
  apply: 'Appliquer',
  noStep: 'Choisissez au moins une étape, ou laissez Plume choisir.',
  invalid: 'Certaines valeurs ne conviennent pas\u202f; elles sont signalées.',
  lossless: 'sans perte',
}
