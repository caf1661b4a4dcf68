/** Whether no view has an issue: nothing has ever come in here. */
export const isNone = (counts: Record<string, number>): boolean => Object.values(counts).every((count) => count === 0)
