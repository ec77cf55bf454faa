import type { SentenceTable } from '../../engine/match'

/** Data for calibration, and samples that cannot be used. */
export const calibration: SentenceTable = {
  'A sample of shape [{shape}] has {n#} channels on axis {axis#}; those before had {before#}.':
    'Un échantillon de forme [{shape}] a {n#} canaux sur l’axe {axis#}\u202f; les précédents en avaient {before#}.',
  'Element {at#} of the value is NaN or infinite, so it has no range.':
    'L’élément {at#} de la valeur est NaN ou infini\u202f; elle n’a donc pas d’intervalle.',
  'The recipe holds no range of the value "{value}", nor of {n#} others. It was made from another model; give data with --calibrate.':
    'La recette ne contient pas d’intervalle pour la valeur «\u202f{value}\u202f», ni pour {n#} autres. Elle vient d’un autre modèle\u202f; donnez des données avec --calibrate.',
  '{name}: {bad#} of {all#} samples cannot be used, and at least half must remain. Sample {index#}: {why~}':
    '{name}\u00a0: {bad#} échantillons sur {all#} sont inutilisables, et il doit en rester au moins la moitié. Échantillon {index#}\u00a0: {why~}',
  '{name}: {bad#} of {all#} samples cannot be used and were left out (counted from 0: {which}).':
    '{name}\u00a0: {bad#} échantillons sur {all#} sont inutilisables et ont été écartés (comptés à partir de 0\u00a0: {which}).',
  'Sample {index#} of {name}: {why~}': 'Échantillon {index#} de {name}\u00a0: {why~}',
  'row {row#} of the array {name} holds NaN.': 'la ligne {row#} du tableau {name} contient NaN.',
  'row {row#} of the array {name} holds an infinite number.':
    'la ligne {row#} du tableau {name} contient un nombre infini.',
  'it has no kernels here': 'il n’a pas de noyaux ici',
  'Calibration took more memory than {cap#} for {n#} of {all#} values, the first of them {value}: the model itself needs it. Ranges do not depend on it.':
    'La calibration a demandé plus de mémoire que {cap#} pour {n#} valeurs sur {all#}, dont la première est {value}\u00a0: le modèle lui-même en a besoin. Les plages n’en dépendent pas.',
  "Calibration ran on ONNX Runtime, since Plume's own engine cannot run the model: {why~}.":
    'La calibration a été faite par ONNX Runtime, car le moteur de Plume ne peut pas exécuter le modèle\u00a0: {why~}.',
  'No data for calibration was given: every fifth sample ({n#} of {all#}) chose the ranges, and the result was measured on the others.':
    'Aucune donnée de calibration n’a été donnée\u00a0: un échantillon sur cinq ({n#} sur {all#}) a servi à choisir les plages, et le résultat a été mesuré sur les autres.',
  'The result was measured on the data that its ranges were chosen on, since no test data was given: other inputs may come out worse.':
    'Le résultat a été mesuré sur les données qui ont servi à choisir ses intervalles, faute de données de test\u00a0: d’autres entrées peuvent donner un moins bon résultat.',
  'Ranges were chosen on 1 sample only: other inputs may leave them. Give more data if there is some.':
    'Les intervalles ont été choisis sur un seul échantillon\u00a0: d’autres entrées peuvent en sortir. Donnez davantage de données s’il y en a.',
  'Ranges were chosen on {n#} samples only: other inputs may leave them. Give more data if there is some.':
    'Les intervalles ont été choisis sur {n#} échantillons seulement\u00a0: d’autres entrées peuvent en sortir. Donnez davantage de données s’il y en a.',
}
