import type { SentenceTable } from '../../engine/match'

/** What losses say of predictions, class weights and options that do not fit. */
export const losses: SentenceTable = {
  '{loss}: the number of classes of {value} is not known.':
    '{loss}\u00a0: le nombre de classes de {value} n’est pas connu.',
  '{loss}: the prediction should be [batch, classes, …] and is [{shape}].':
    '{loss}\u00a0: la prédiction devrait être [batch, classes, …] et elle est [{shape}].',
  '{loss}: {weights#} class weights are given for {classes#} classes.':
    '{loss}\u00a0: {weights#} poids de classes sont donnés pour {classes#} classes.',
  '{what~} should lie in [{low#}, {high#}] and is {value#}.':
    '{what~} devrait être dans [{low#}, {high#}], et non {value#}.',
  '{loss}: the label smoothing': '{loss}\u00a0: le lissage des étiquettes',
  '{loss}: gamma': '{loss}\u00a0: gamma',
  'binary-focal: gamma': 'binary-focal\u00a0: gamma',
  'binary-focal: alpha': 'binary-focal\u00a0: alpha',
  'huber: delta should be above 0 and is {delta#}.': 'huber\u00a0: delta devrait dépasser 0, et non valoir {delta#}.',
  'distillation: the temperature should be above 0 and is {temperature#}.':
    'distillation\u00a0: la température devrait dépasser 0, et non valoir {temperature#}.',
}
