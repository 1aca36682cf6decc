import { createAwsProvider, type AwsConfig } from "./aws/aws.ts";
import { createGitlabProvider, type GitlabConfig } from "./gitlab/gitlab.ts";
import type { AccessProvider } from "./provider.ts";

export type ConnectionConfig = { readonly gitlab: GitlabConfig | null; readonly aws: AwsConfig | null };

/** The configured connections by name. */
export function openProviders({ gitlab, aws }: ConnectionConfig): Map<string, AccessProvider> {
  const providers = new Map<string, AccessProvider>();
  if (gitlab) providers.set(gitlab.connection, createGitlabProvider(gitlab));
  if (aws) providers.set(aws.connection, createAwsProvider(aws));
  return providers;
}
