/** Balie's own mark: a speech bubble over a counter. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect class="mark-field" width="24" height="24" rx="6.5" />
      <path class="mark-bubble" d="M7.4 5.2h9.2a2 2 0 0 1 2 2v4.1a2 2 0 0 1-2 2h-4l-2.7 2.2v-2.2H7.4a2 2 0 0 1-2-2V7.2a2 2 0 0 1 2-2Z" />
      <rect class="mark-counter" x="4.6" y="17" width="14.8" height="2.1" rx="1.05" />
    </svg>
  );
}
