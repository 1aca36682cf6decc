"use client";

import { useState } from "react";
import { goThroughDoor } from "./auth-door.ts";
import { Button } from "./ui/button.tsx";
import { Notice } from "./ui/notice.tsx";

export function SignInButton({ provider, name, callbackUrl }: { provider: string; name: string; callbackUrl: string }) {
  const [state, setState] = useState<"waiting" | "going" | "failed">("waiting");
  const go = () => {
    if (state === "going") return;
    setState("going");
    goThroughDoor(`signin/${provider}`, callbackUrl).catch(() => setState("failed"));
  };
  return (
    <>
      {state === "failed" ? (
        <Notice tone="bad" live>
          Daypass does not answer. Nothing was changed; try again in a moment.
        </Notice>
      ) : null}
      <Button
        tone="primary"
        className="min-h-11 w-full whitespace-normal!"
        aria-disabled={state === "going"}
        onClick={go}
      >
        Continue with {name}
      </Button>
    </>
  );
}
