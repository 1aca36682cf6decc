export default function Loading() {
  return (
    <p role="status" className="moving text-muted">
      One moment…
    </p>
  );
}
