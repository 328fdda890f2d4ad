/** Around everything of ours that the browser calls: an error of the recorder ends the mirror and never becomes one of the page. */

export type Guard = <A extends unknown[]>(work: (...args: A) => void) => (...args: A) => void;

/** Without anybody to tell, errors go where the browser takes them. */
export function guardOf(failed: ((error: unknown) => void) | undefined): Guard {
  if (!failed) return (work) => work;
  return (work) => (...args) => {
    try {
      work(...args);
    } catch (error) {
      failed(error);
    }
  };
}
