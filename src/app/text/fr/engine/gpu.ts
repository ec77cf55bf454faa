import type { SentenceTable } from '../../engine/match'

/** What the GPU cannot do, what was done instead, and what providers on it say. */
export const gpu: SentenceTable = {
  // why there is none
  'WebGPU is not available here': 'WebGPU n’est pas disponible ici',
  'WebGPU found no graphics adapter': 'WebGPU n’a trouvé aucun adaptateur graphique',
  'the only graphics adapter is software ({name!}), which is slower than WebAssembly':
    'le seul adaptateur graphique est logiciel ({name!}), plus lent que WebAssembly',
  '{name~} is too small: its {limit} is {found#}, at least {least#} is needed':
    '{name~} est trop petit\u00a0: sa limite {limit} vaut {found#}, il faut au moins {least#}',
  '{name~} gave no device: {why!}': '{name~} n’a pas fourni de périphérique\u00a0: {why!}',
  'the graphics adapter': 'l’adaptateur graphique',
  'the GPU was lost': 'le GPU a été perdu',

  // what was done instead
  'The GPU failed, so WebAssembly took over and the work was repeated. {why~}':
    'Le GPU a fait défaut\u202f; WebAssembly a pris le relais et le travail a été refait. {why~}',
  'The GPU was lost and started again; the work was repeated on it.':
    'Le GPU a été perdu puis relancé\u202f; le travail y a été refait.',
  'The GPU was lost, so WebAssembly took over and the work was repeated.':
    'Le GPU a été perdu\u202f; WebAssembly a pris le relais et le travail a été refait.',

  // what failed
  'The GPU was lost ({why!}). Start again, or use another backend: wasm.':
    'Le GPU a été perdu ({why!}). Recommencez, ou choisissez un autre moteur\u00a0: wasm.',
  'The GPU was lost. Start again, or use another backend: wasm.':
    'Le GPU a été perdu. Recommencez, ou choisissez un autre moteur\u00a0: wasm.',
  'The GPU reported an error ({why!}). Use another backend: wasm or reference.':
    'Le GPU a signalé une erreur ({why!}). Choisissez un autre moteur\u00a0: wasm ou reference.',
  'The GPU refused the shader {name} ({why!}). Use another backend: wasm or reference.':
    'Le GPU a refusé le shader {name} ({why!}). Choisissez un autre moteur\u00a0: wasm ou reference.',
  'line {line#}: {why!}': 'ligne {line#}\u00a0: {why!}',
  'The model needs {bytes#} bytes of GPU memory in one piece for {what~}, and this GPU gives at most {most#}. Use another backend (wasm), or a smaller batch.':
    'Le modèle demande {bytes#} octets de mémoire du GPU d’un seul tenant pour {what~}, et ce GPU en donne au plus {most#}. Choisissez un autre moteur (wasm), ou un lot plus petit.',
  'The GPU gave no {bytes#} bytes of memory for {what~} ({why!}). Close other tabs or programs, use a smaller batch, or another backend: wasm.':
    'Le GPU n’a pas donné {bytes#} octets de mémoire pour {what~} ({why!}). Fermez d’autres onglets ou programmes, utilisez un lot plus petit, ou un autre moteur\u00a0: wasm.',
  'what runs compute': 'ce que calculent les exécutions',
  'a weight': 'un poids',
  'a state': 'un état',
  'ranges of {name}': 'les plages de {name}',
  'The GPU holds {dtype} in 32 bits, and the value {value} does not fit. Use another backend for this model: wasm or reference.':
    'Le GPU garde {dtype} sur 32 bits, et la valeur {value} n’y tient pas. Choisissez un autre moteur pour ce modèle\u00a0: wasm ou reference.',
  '{node}: a 64-bit integer leaves the 32 bits in which the GPU holds it. Use another backend for this model: wasm or reference.':
    '{node}\u00a0: un entier de 64 bits sort des 32 bits dans lesquels le GPU le garde. Choisissez un autre moteur pour ce modèle\u00a0: wasm ou reference.',
  'This GPU rounds numbers otherwise than other machines do, so its files would differ. Use another backend: wasm or reference.':
    'Ce GPU arrondit autrement que les autres machines\u00a0: ses fichiers différeraient. Choisissez un autre moteur\u00a0: wasm ou reference.',

  // onnxruntime's WebGPU provider
  "ONNX Runtime's WebGPU provider did not run the models: {why~}.":
    'ONNX Runtime n’a pas exécuté les modèles sur WebGPU\u00a0: {why~}.',
  "ONNX Runtime gives different results for this model on WebGPU and on WebAssembly: up to {share#} of an output's range. Test it where it will run.":
    'ONNX Runtime donne pour ce modèle des résultats différents sur WebGPU et sur WebAssembly\u00a0: jusqu’à {share#} de l’étendue d’une sortie. Testez-le là où il servira.',
}
