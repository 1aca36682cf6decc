"use client";

import { LogOut } from "lucide-react";
import { useState } from "react";
import { goThroughDoor } from "./auth-door.ts";
import { Button } from "./ui/button.tsx";

export function SignOut() {
  const [hasFailed, setFailed] = useState(false);
  return (
    <>
      <Button
        tone="quiet"
        className="-ml-2 min-h-9 text-sm"
        onClick={() => void goThroughDoor("signout", "/sign-in").catch(() => setFailed(true))}
      >
        <LogOut aria-hidden className="size-4" />
        Sign out
      </Button>
      {hasFailed ? (
        <p role="alert" className="text-sm text-bad">
          Daypass does not answer, so you are still signed in.
        </p>
      ) : null}
    </>
  );
}
