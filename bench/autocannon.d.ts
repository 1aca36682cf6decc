/** The part of autocannon that the benchmark uses. */
declare module "autocannon" {
  namespace autocannon {
    type Request = { path?: string; method?: string; headers?: Record<string, string>; body?: string };
    type Options = {
      url: string;
      connections: number;
      duration?: number;
      amount?: number;
      requests: (Request | { setupRequest: (request: Request) => Request })[];
    };
    type Instance = {
      on(event: "response", listener: (client: unknown, status: number, bytes: number, ms: number) => void): void;
      on(event: "done", listener: () => void): void;
    };
  }
  function autocannon(options: autocannon.Options): autocannon.Instance;
  export = autocannon;
}
