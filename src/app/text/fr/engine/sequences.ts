import type { SentenceTable } from '../../engine/match'

/** What operators on matrices, sequences and signals say of inputs that do not fit. */
export const sequences: SentenceTable = {
  'the {what~} {a~} and {b~} differ': 'les {what~} {a~} et {b~} diffèrent',
  'head sizes of Q and K': 'tailles des têtes de Q et de K',
  'head sizes of V': 'tailles des têtes de V',
  'heads of K and V': 'nombres de têtes de K et de V',
  'lengths of K and V': 'longueurs de K et de V',
  'past lengths': 'longueurs du passé',
  'batch sizes': 'tailles de lot',
  'attn_mask must be repeatable to [{shape}]': 'attn_mask doit pouvoir être répété jusqu’à [{shape}]',
  'past_key and past_value come together': 'past_key et past_value vont ensemble',
  'nonpad_kv_seqlen and past_key exclude each other': 'nonpad_kv_seqlen et past_key s’excluent',
  'Q and K must have one type, not {a} and {b}': 'Q et K doivent avoir un même type, et non {a} et {b}',
  'nonpad_kv_seqlen must have one number per batch entry': 'nonpad_kv_seqlen doit avoir un nombre par élément du lot',
  'qk_matmul_output_mode must be 0, 1, 2 or 3, not {mode#}':
    'qk_matmul_output_mode doit être 0, 1, 2 ou 3, et non {mode#}',
  'a window must be −1 or not negative, not {size#}': 'une fenêtre doit être −1 ou non négative, et non {size#}',
  'softcap must not be negative, and it is {cap#}': 'softcap ne doit pas être négatif, et vaut {cap#}',
  'softmax_precision cannot be {type}': 'softmax_precision ne peut pas être {type}',
  '{name} has {heads#} heads, and {declared#} are declared': '{name} a {heads#} têtes, et {declared#} sont déclarées',
  '{name} must have three or four axes': '{name} doit avoir trois ou quatre axes',
  'three axes need q_num_heads and kv_num_heads': 'trois axes demandent q_num_heads et kv_num_heads',
  'the {count#} numbers of {name} cannot be shared among {heads#} heads':
    'les {count#} nombres de {name} ne se partagent pas entre {heads#} têtes',
  'Q, K and V must have the same number of axes': 'Q, K et V doivent avoir le même nombre d’axes',
  'past_key and past_value must have four axes': 'past_key et past_value doivent avoir quatre axes',
  '{heads#} heads of queries cannot share {keys#} heads of keys':
    '{heads#} têtes de requêtes ne peuvent pas partager {keys#} têtes de clés',
  'the last axis holds the real and imaginary part and cannot be transformed':
    'le dernier axe contient les parties réelle et imaginaire et ne peut pas être transformé',
  'the last axis must be 1 or 2, not {size~}': 'le dernier axe doit être 1 ou 2, et non {size~}',
  'onesided needs real numbers': 'onesided demande des nombres réels',
  'the length {length#} of the transform must be at least 1':
    'la longueur {length#} de la transformée doit être d’au moins 1',
  'the input must have an axis for the parts and another one':
    'l’entrée doit avoir un axe pour les parties et un autre',
  'sines and cosines cancel': 'les sinus et cosinus se compensent',
  '{name} must be a matrix': '{name} doit être une matrice',
  'the inner sizes {a~} and {b~} differ': 'les tailles intérieures {a~} et {b~} diffèrent',
  'C must be repeatable to [{shape}]': 'C doit pouvoir être répété jusqu’à [{shape}]',
  'all inputs must have one type, not {a} and {b}': 'toutes les entrées doivent avoir un même type, et non {a} et {b}',
  'both inputs must have one type, not {a} and {b}': 'les deux entrées doivent avoir un même type, et non {a} et {b}',
  'it is constant between its steps': 'il est constant entre ses paliers',
  'the scores must have at least two axes, batch and class':
    'les scores doivent avoir au moins deux axes, le lot et la classe',
  'the labels must have the shape [{shape}]': 'les étiquettes doivent avoir la forme [{shape}]',
  'there must be one weight per class': 'il faut un poids par classe',
  'the label {label#} must lie in [0, {last#}]': 'l’étiquette {label#} doit être comprise dans [0, {last#}]',
  'a scalar cannot be multiplied as a matrix': 'un scalaire ne peut pas être multiplié comme une matrice',
  'in the axes before the matrices {why~}': 'dans les axes avant les matrices, {why~}',
  'num_mel_bins and dft_length must be at least 1': 'num_mel_bins et dft_length doivent être d’au moins 1',
  'the bands from {lower#} to {upper#} Hz do not lie in the spectrum of {rate#} samples per second':
    'les bandes de {lower#} à {upper#} Hz ne sont pas dans le spectre de {rate#} échantillons par seconde',
  'it depends on sizes and frequencies that nobody trains':
    'il dépend de tailles et de fréquences que personne n’entraîne',
  'its size is a value': 'sa taille est une valeur',
  'the sequence length {length#} must lie in [0, {steps#}]':
    'la longueur de séquence {length#} doit être comprise dans [0, {steps#}]',
  'it needs {wanted#} activations and names {found#}': 'il lui faut {wanted#} activations et il en nomme {found#}',
  'the activation {name} is not known': 'l’activation {name} n’est pas connue',
  '{name} must have the shape [{shape}]': '{name} doit avoir la forme [{shape}]',
  'the position {position#} must lie in [0, {last#}]': 'la position {position#} doit être comprise dans [0, {last#}]',
  'X must have three or four axes': 'X doit avoir trois ou quatre axes',
  'three axes need num_heads': 'trois axes demandent num_heads',
  'the {count#} numbers of X cannot be shared among {heads#} heads':
    'les {count#} nombres de X ne se partagent pas entre {heads#} têtes',
  'of {head#} numbers per head an even count can be turned, not {count#}':
    'sur {head#} nombres par tête, un nombre pair peut être tourné, et non {count#}',
  'position_ids must have one number per step of every batch entry':
    'position_ids doit avoir un nombre par pas de chaque élément du lot',
  'frame_step must be at least 1, not {step#}': 'frame_step doit être d’au moins 1, et non {step#}',
  'the frame length {frame#} must lie in [1, {length#}]':
    'la longueur de trame {frame#} doit être comprise dans [1, {length#}]',
  'the signal must have three axes: batch, time, parts': 'le signal doit avoir trois axes\u00a0: lot, temps, parties',
  'the window must have one axis': 'la fenêtre doit avoir un seul axe',
  'the window has {weights#} weights for frames of {frame#}':
    'la fenêtre a {weights#} poids pour des trames de {frame#}',
  'the size {size#} must not be negative': 'la taille {size#} ne doit pas être négative',
  'the size must be one number': 'la taille doit être un seul nombre',
  'it depends on a size only': 'il ne dépend que d’une taille',
}
