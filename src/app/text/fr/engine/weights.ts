import type { SentenceTable } from '../../engine/match'

/** What files of weights by name say that are not what they promise. */
export const weights: SentenceTable = {
  'safetensors cannot hold {dtype} (tensor {name}).': 'safetensors ne peut pas contenir {dtype} (tenseur {name}).',
  'a safetensors file has at least 8 bytes, and this one has {bytes#}':
    'un fichier safetensors a au moins 8 octets, et celui-ci en a {bytes#}',
  'its header should have {bytes#} bytes, and the file has {there#}':
    'son en-tête devrait avoir {bytes#} octets, et le fichier en a {there#}',
  'its header is not a JSON object': 'son en-tête n’est pas un objet JSON',
  '{file}: tensor {name} has the element type {type}, which is not known.':
    '{file}\u00a0: le tenseur {name} a le type d’éléments {type}, qui n’est pas connu.',
  'the entry of tensor {name} has no valid shape and range':
    'l’entrée du tenseur {name} n’a pas de forme et d’étendue valables',
  'tensor {name} should have {bytes#} bytes, and its range is {from#} to {to#} of {room#}':
    'le tenseur {name} devrait avoir {bytes#} octets, et son étendue va de {from#} à {to#} sur {room#}',
  'a tensor begins at byte {from#} of the elements instead of {end#}':
    'un tenseur commence à l’octet {from#} des éléments au lieu de {end#}',
  'its tensors end at byte {end#} of the elements, and there are {room#}':
    'ses tenseurs finissent à l’octet {end#} des éléments, et il y en a {room#}',
}
