import type { SentenceTable } from '../../engine/match'

/** What sessions and plans of our own engine say. */
export const plan: SentenceTable = {
  'The session is closed; open the model again.': 'La session est fermée\u202f; ouvrez le modèle de nouveau.',
  'The model has no input {name}; its inputs are {names~}.':
    'Le modèle n’a pas d’entrée {name}\u202f; ses entrées sont {names~}.',
  'The input {name} has no value.': 'L’entrée {name} n’a pas de valeur.',
  'The input {name} is given as {type} with {n#} elements.':
    'L’entrée {name} est donnée comme {type} avec {n#} éléments.',
  'The input {name} should be {expected} and is {found}.': 'L’entrée {name} devrait être {expected} et est {found}.',
  'The output {name} of the graph "{graph}" is made by no node.':
    'La sortie {name} du graphe «\u202f{graph}\u202f» n’est produite par aucun nœud.',
  '{node} and {other} both make the value {name}.': '{node} et {other} produisent tous deux la valeur {name}.',
  'The nodes {nodes} form a cycle: each needs a value that is made after it. A graph must have an order.':
    'Les nœuds {nodes} forment un cycle\u00a0: chacun a besoin d’une valeur produite après lui. Un graphe doit avoir un ordre.',
  "The model's main graph has no value {name} to observe.":
    'Le graphe principal du modèle n’a pas de valeur {name} à observer.',
  'The value {name} holds {dtype} values; only those of float32, float16 and bfloat16 can be observed.':
    'La valeur {name} contient des valeurs {dtype}\u202f; seules celles de type float32, float16 et bfloat16 peuvent être observées.',
  'The session was not opened to observe the value {name}.':
    'La session n’a pas été ouverte pour observer la valeur {name}.',
  'The value {name} is NaN or infinite in sample {sample#} (element {n#}), so it has no range. Leave the sample out, or check its preprocessing.':
    'La valeur {name} est NaN ou infinie dans l’exemple {sample#} (élément {n#}), et n’a donc pas d’étendue. Écartez cet exemple, ou vérifiez son prétraitement.',
  '{node}: its input {name} is made by no node before it.':
    '{node}\u00a0: son entrée {name} n’est produite par aucun nœud avant lui.',
  '{node}: the index {index#} must lie in [{low#}, {high#}]. Its inputs have the shapes {shapes}.':
    '{node}\u00a0: l’indice {index#} doit être compris dans [{low#}, {high#}]. Ses entrées ont les formes {shapes}.',
}
