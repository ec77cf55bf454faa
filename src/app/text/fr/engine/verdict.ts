import type { SentenceTable } from '../../engine/match'

/** Reasons of verdicts, and what would help. */
export const verdict: SentenceTable = {
  'Not smaller: {after#} instead of {before#}.': 'Pas plus petit\u00a0: {after#} au lieu de {before#}.',
  "The outputs are not the original's any more: their cosine is {cosine#}, and at least {least#} is asked for.":
    'Les sorties ne sont plus celles du modèle d’origine\u00a0: leur cosinus est de {cosine#}, il en faut au moins {least#}.',
  "The outputs are not the original's any more: values are missing or not finite.":
    'Les sorties ne sont plus celles du modèle d’origine\u00a0: des valeurs manquent ou ne sont pas finies.',
  'The loss (mean NLL) grows by {drop#} nats, more than chance explains (95% interval {low#} to {high#}).':
    'La perte (NLL moyenne) augmente de {drop#} nats, plus que le hasard n’explique (intervalle à 95\u202f% de {low#} à {high#}).',
  'The loss (mean NLL) changes by {drop#} nats (95% interval {low#} to {high#}).':
    'La perte (NLL moyenne) change de {drop#} nats (intervalle à 95\u202f% de {low#} à {high#}).',
  'Accuracy falls by {drop#} points, more than chance explains ({before#} → {after#}; 95% interval of the loss {low#} to {high#} points).':
    'L’exactitude baisse de {drop#} points, plus que le hasard n’explique ({before#} → {after#}\u202f; intervalle à 95\u202f% de la perte\u00a0: de {low#} à {high#} points).',
  'No loss of accuracy beyond chance on {n#} samples ({before#} → {after#}; 95% interval of the loss {low#} to {high#} points).':
    'Aucune perte d’exactitude au-delà du hasard sur {n#} échantillons ({before#} → {after#}\u202f; intervalle à 95\u202f% de la perte\u00a0: de {low#} à {high#} points).',
  'Accuracy may have fallen by up to {high#} points: {n#} samples cannot tell ({before#} → {after#}).':
    'L’exactitude a pu baisser de {high#} points au plus\u00a0: {n#} échantillons ne permettent pas de le dire ({before#} → {after#}).',
  'Class {class#} loses more than chance explains: {before#} of {n#} answers were right, {after#} are.':
    'La classe {class#} perd plus que le hasard n’explique\u00a0: sur {n#} réponses, {before#} étaient justes, {after#} le sont.',
  "{share#} of the answers on {n#} samples are the original's (95% interval {low#} to {high#}).":
    '{share#} des réponses sur {n#} échantillons sont celles du modèle d’origine (intervalle à 95\u202f% de {low#} à {high#}).',
  "{share#} of the answers are the original's.": '{share#} des réponses sont celles du modèle d’origine.',
  'The outputs are identical.': 'Les sorties sont identiques.',
  'The worst output is {db#} above its error.': 'La pire sortie est à {db#} au-dessus de son erreur.',
  'The models were not run: only the error of the weights is known.':
    'Les modèles n’ont pas été exécutés\u00a0: seule l’erreur des poids est connue.',
  'Measured on made-up inputs only. Give some of your own data to know how it does on them.':
    'Mesuré seulement sur des entrées inventées. Donnez de vos propres données pour savoir ce qu’il en est.',
  'Measured on {n#} samples only, which say little about the next one. Give at least {least#}.':
    'Mesuré seulement sur {n#} échantillons, qui disent peu du suivant. Donnez-en au moins {least#}.',
  'Keep weights to 7 bits, whose sums do not overflow': 'Garder les poids sur 7 bits, dont les sommes ne débordent pas',
  'Take {method} instead': 'Prendre plutôt {method}',
  'Keep {layer} in float': 'Garder {layer} en flottants',
}
