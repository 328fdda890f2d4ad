/** How much room an element leaves for a picture, and when that changes. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Size } from './geometry';

export function useRoom(ref: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const look = () => setSize({ width: element.clientWidth - 32, height: element.clientHeight - 48 });
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return size;
}
