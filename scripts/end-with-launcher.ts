/**
 * Loaded into every process that the launcher starts. A launcher that is killed cannot stop anybody, and what it leaves
 * behind would hold the ports: the broken channel tells them.
 */
if (process.channel) process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

export {};
