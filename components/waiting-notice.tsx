import Link from "next/link";
import { Notice } from "./ui/notice.tsx";

/** That something wider waits for this role, for those who may know. */
export function WaitingNotice({ wideningId }: { wideningId: string | null }) {
  if (wideningId === null) return null;
  return (
    <div className="mb-5">
      <Notice tone="wait">
        Somebody proposed that this role gives more. It waits for a second person.{" "}
        <Link href={`/widenings/${wideningId}`} prefetch={false} className="link">
          Look at the proposal
        </Link>
      </Notice>
    </div>
  );
}
