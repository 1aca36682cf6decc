type Payload = Record<string, unknown> & { uid?: string; grantId?: string; consumed?: number };

/**
 * Where oidc-provider keeps codes and tokens for the length of one run.
 * Sessions are not kept on purpose: without one, every sign-in asks who you are, and a tester can change person.
 */
export function memoryAdapter() {
  const stored = new Map<string, { payload: Payload; until: number }>();

  return class MemoryAdapter {
    readonly model: string;
    constructor(model: string) {
      this.model = model;
    }

    async upsert(id: string, payload: Payload, expiresIn: number | undefined): Promise<void> {
      if (this.model === "Session") return;
      dropExpired();
      stored.set(this.key(id), { payload, until: expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000 });
    }

    async find(id: string): Promise<Payload | undefined> {
      const found = stored.get(this.key(id));
      return found && found.until > Date.now() ? found.payload : undefined;
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return this.kept().find((payload) => payload.uid === uid);
    }

    async findByUserCode(): Promise<undefined> {
      return undefined;
    }

    async consume(id: string): Promise<void> {
      const payload = await this.find(id);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id: string): Promise<void> {
      stored.delete(this.key(id));
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of stored) if (payload.grantId === grantId) stored.delete(key);
    }

    private key(id: string): string {
      return `${this.model} ${id}`;
    }

    private kept(): Payload[] {
      const ours = [...stored].filter(([key, { until }]) => key.startsWith(`${this.model} `) && until > Date.now());
      return ours.map(([, { payload }]) => payload);
    }
  };

  // Entries are added in time order and live for about as long as each other, so the old ones are in front.
  function dropExpired(): void {
    for (const [key, { until }] of stored) {
      if (until > Date.now()) return;
      stored.delete(key);
    }
  }
}
