export const journal = {
  answered: (date: string) => `Answered from the store: made on ${date}.`,
  again: 'Measure again',
  interrupted:
    'This job was interrupted twice before its end, so it waits for you. What was finished is kept; it goes on from there.',
  lostData: (name: string) =>
    `This job was interrupted, and its data ${name} was too large to keep. Add it again, or go on without it.`,
  continue: 'Continue',
  missing:
    'This file could not be kept: it is too large, or the browser removed it. Drop it again, and the job goes on:',
  missingFile: (name: string, size: string) => `${name}, ${size}`,
  dropAgain: (name: string) => `${name} is not kept any more. Drop it again, then it can be shrunk.`,
  choose: 'Choose files',
  useLast: 'Use last recipe',
}
