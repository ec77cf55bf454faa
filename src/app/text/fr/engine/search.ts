import type { SentenceTable } from '../../engine/match'

/** The automatic choice on data, sensitivity, sweeps. */
export const search: SentenceTable = {
  'smallest without a measurable loss': 'le plus petit sans perte mesurable',
  'smallest that keeps the budget': 'le plus petit qui tient le budget',
  'closest to the original of those that keep the budget':
    'le plus proche de l’original parmi ceux qui tiennent le budget',
  '16 bits need a runtime with opset 21 and are computed in floats; something plain keeps the budget':
    '16 bits demandent un moteur d’opset 21 et se calculent en flottants\u202f; une forme plus simple tient le budget',
  '4-bit weights need a runtime with opset 21 and are computed in floats: chosen only for a budget of size':
    'des poids de 4 bits demandent un moteur d’opset 21 et se calculent en flottants\u00a0: ils ne sont choisis que pour un budget de taille',
  'not chosen': 'pas choisi',
  'hardly smaller, and computed in floats': 'à peine plus petit, et calculé en flottants',
  'further from the original': 'plus loin de l’original',
  'given up after {n#} samples: others were closer to the original':
    'abandonné après {n#} échantillons\u00a0: d’autres étaient plus proches de l’original',
  'above the budget ({size#} instead of {budget#})': 'au-dessus du budget ({size#} au lieu de {budget#})',
  'output "{name}" is lost ({db#})': 'la sortie «\u202f{name}\u202f» est perdue ({db#})',
  'accuracy falls by {drop#}, at most {most#} is allowed':
    'l’exactitude baisse de {drop#}\u202f; au plus {most#} est permis',
  'the mean negative log-likelihood rises by {nats#} nats ({share#}), at most {most#} is allowed':
    'la log-vraisemblance négative moyenne monte de {nats#} nats ({share#})\u202f; au plus {most#} est permis',
  '{share#} of the answers changed, at most {most#} may':
    '{share#} des réponses ont changé\u202f; au plus {most#} le peuvent',
  'noise is {share#} of the signal, at most {most#} is allowed':
    'le bruit est de {share#} du signal\u202f; au plus {most#} est permis',
  'a measurable loss: accuracy falls by {low#} to {high#}':
    'une perte mesurable\u00a0: l’exactitude baisse de {low#} à {high#}',
  'a measurable loss: the mean negative log-likelihood rises by {low#} to {high#} nats':
    'une perte mesurable\u00a0: la log-vraisemblance négative moyenne monte de {low#} à {high#} nats',
  'Output "{name}" falls to {db#} in integers, so the layers that it ends in stay in float (identical): {layers}.':
    'La sortie «\u202f{name}\u202f» tombe à {db#} en entiers\u00a0: les couches où elle finit restent donc en flottants (identique)\u00a0: {layers}.',
  'Output "{name}" falls to {db#} in integers, so the layers that it ends in stay in float ({after#}): {layers}.':
    'La sortie «\u202f{name}\u202f» tombe à {db#} en entiers\u00a0: les couches où elle finit restent donc en flottants ({after#})\u00a0: {layers}.',
  'Nothing that was tried is as small as the budget of {budget#}: this is the smallest, {size#}.':
    'Rien de ce qui a été essayé n’est aussi petit que le budget de {budget#}\u00a0: voici le plus petit, {size#}.',
  'No layer was quantized, so there is nothing to measure.':
    'Aucune couche n’a été quantifiée\u00a0: il n’y a rien à mesurer.',
  'Measured on {n#} samples: go by the decibels, the metric hardly moves on so few.':
    'Mesuré sur {n#} échantillons\u00a0: fiez-vous aux décibels, la métrique bouge à peine sur si peu.',
  'Sensitivity is measured for methods that treat layers one by one ({methods}), not for "{method}". Name one of these last.':
    'La sensibilité se mesure pour les méthodes qui traitent les couches une à une ({methods}), pas pour «\u202f{method}\u202f». Nommez l’une d’elles en dernier.',
  'Sensitivity is measured for methods that treat layers one by one ({methods}), not for a recipe without steps. Name one of these last.':
    'La sensibilité se mesure pour les méthodes qui traitent les couches une à une ({methods}), pas pour une recette sans étapes. Nommez l’une d’elles en dernier.',
  '--method {text}: more than {n#} combinations.': '--method {text}\u00a0: plus de {n#} combinaisons.',
  'A sweep needs at least one method.': 'Un balayage demande au moins une méthode.',

  // names of trials and what is under way
  'static-int8, {what~}': 'static-int8, {what~}',
  'head of {output}': 'tête de {output}',
  'in float': 'en flottants',
  'with 4-bit weights': 'avec des poids de 4 bits',
  '{n#} layer': '{n#} couche',
  '{n#} layers': '{n#} couches',
  '{base~}, {n#} layer in float': '{base~}, {n#} couche en flottants',
  '{base~}, {n#} layers in float': '{base~}, {n#} couches en flottants',
  '{base~}, {n#} layer in 16 bits': '{base~}, {n#} couche en 16 bits',
  '{base~}, {n#} layers in 16 bits': '{base~}, {n#} couches en 16 bits',
  '{base~}, {n#} layer with 4-bit weights': '{base~}, {n#} couche avec des poids de 4 bits',
  '{base~}, {n#} layers with 4-bit weights': '{base~}, {n#} couches avec des poids de 4 bits',
  '{base~}, head of {output} in float': '{base~}, tête de {output} en flottants',
  '{n#} of {all#}: {what~}': '{n#} sur {all#}\u00a0: {what~}',
  'layer {n#} of {all#}: {name}': 'couche {n#} sur {all#}\u00a0: {name}',
}
