"use client";

import { signOut } from "next-auth/react";
import { Button } from "./ui/button.tsx";

export function SignOut() {
  return (
    <Button tone="quiet" className="-ml-2 min-h-8 text-sm" onClick={() => void signOut({ callbackUrl: "/sign-in" })}>
      Sign out
    </Button>
  );
}
