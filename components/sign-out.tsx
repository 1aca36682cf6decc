"use client";

import { LogOut } from "lucide-react";
import { signOut } from "next-auth/react";
import { Button } from "./ui/button.tsx";

export function SignOut() {
  return (
    <Button tone="quiet" className="-ml-2 min-h-9 text-sm" onClick={() => void signOut({ callbackUrl: "/sign-in" })}>
      <LogOut aria-hidden className="size-4" />
      Sign out
    </Button>
  );
}
