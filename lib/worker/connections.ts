import type { WorkerEnv } from "../env.ts";
import type { ConnectionConfig } from "../providers/open-providers.ts";

/** The connections that this worker's environment configures. Their names are stored with every binding. */
export function connectionsOf(env: WorkerEnv): ConnectionConfig {
  return {
    gitlab:
      env.GITLAB_URL && env.GITLAB_TOKEN
        ? {
            connection: "gitlab",
            url: env.GITLAB_URL,
            token: env.GITLAB_TOKEN,
            identityProvider: env.GITLAB_IDENTITY_PROVIDER,
          }
        : null,
    aws: env.AWS_IAM_REGION
      ? {
          connection: "aws",
          region: env.AWS_IAM_REGION,
          ...(env.AWS_IAM_ENDPOINT ? { endpoint: env.AWS_IAM_ENDPOINT } : {}),
        }
      : null,
  };
}
