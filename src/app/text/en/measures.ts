/** Words that stand where a number would. */
export const measures = {
  identical: 'identical',
  lessThanSecond: 'less than 1 s',
  aboutSeconds: (seconds: string) => `about ${seconds} s`,
  aboutMinutes: (minutes: string) => `about ${minutes} min`,
}
