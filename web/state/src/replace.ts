/** A copy of `all` with another value at one place. */
export function replaceAt<T>(all: readonly T[], at: number, value: T): readonly T[] {
  return all.map((it, n) => (n === at ? value : it));
}
