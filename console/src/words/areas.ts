/** A village's name without the words that all of them have. */
export const short = (name: string) => name.replace(/(居|村)民委员会$/, (_, kind: string) => (kind === "村" ? "村" : ""));
