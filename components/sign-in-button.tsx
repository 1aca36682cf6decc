"use client";

import { signIn } from "next-auth/react";
import { useState } from "react";
import { Button } from "./ui/button.tsx";

export function SignInButton({ provider, name, callbackUrl }: { provider: string; name: string; callbackUrl: string }) {
  const [pending, setPending] = useState(false);
  const go = () => {
    setPending(true);
    void signIn(provider, { callbackUrl });
  };
  return (
    <Button tone="primary" className="w-full" aria-disabled={pending} onClick={go}>
      Continue with {name}
    </Button>
  );
}
