/** What graphs with states say. */
export const states = {
  'an array of {dtype} with {n#} elements': 'un tableau {dtype} de {n#} éléments',
  'The graph makes no value {value}, which the state {state} is to have.':
    'Le graphe ne produit pas la valeur {value}, que l’état {state} doit prendre.',
  'The state {name} is {type}, and was to be given {found}.': 'L’état {name} est {type}, et devait recevoir {found}.',
  'An update of {name} has no tensors.': 'Une mise à jour de {name} n’a pas de tenseurs.',
  'The graph "{graph}" makes no value {value}, which the state {state} is to have.':
    'Le graphe «\u202f{graph}\u202f» ne produit pas la valeur {value}, que l’état {state} doit prendre.',
  'The state {name} is {type}, and its new value {value} in the graph "{graph}" is {found}.':
    'L’état {name} est {type}, et sa nouvelle valeur {value} dans le graphe «\u202f{graph}\u202f» est {found}.',
  'The graph "{graph}" changes {state}, which is no state of the session.':
    'Le graphe «\u202f{graph}\u202f» modifie {state}, qui n’est pas un état de la session.',
  'A node of the graph "{graph}" makes {value}, which is a state\'s name.':
    'Un nœud du graphe «\u202f{graph}\u202f» produit {value}, qui est le nom d’un état.',
  'The session has no graph "{name}"; it has {names}.':
    'La session n’a pas de graphe «\u202f{name}\u202f»\u202f; elle a {names}.',
  'The session has no state {name}; it has {names}.': 'La session n’a pas d’état {name}\u202f; elle a {names}.',
  'The session is closed; open it again.': 'La session est fermée\u202f; ouvrez-la de nouveau.',
  'The state {name} is of type {dtype}, which the machine {machine} cannot hold.':
    'L’état {name} est de type {dtype}, que la machine {machine} ne peut pas contenir.',
  'Only the reference computes floats in double precision.': 'Seule la référence calcule en double précision.',
}
