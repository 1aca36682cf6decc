"use client";

import { signOut } from "next-auth/react";
import { Button } from "./ui/button.tsx";

export function SignOut() {
  return (
    <Button tone="quiet" className="min-h-8 px-0 text-sm" onClick={() => void signOut({ callbackUrl: "/sign-in" })}>
      Sign out
    </Button>
  );
}
