/** A door that is open for a while: the quarter that is missing is the time that has passed. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 text-[1.05rem] font-bold tracking-tight">
      <svg viewBox="0 0 24 24" aria-hidden className="size-6 text-accent">
        <circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" strokeWidth="2.4" opacity="0.3" />
        <path
          d="M12 2.5a9.5 9.5 0 1 1-9.5 9.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
        <path
          d="M12 7v5.2l3.2 2"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Daypass
    </span>
  );
}
