/**
 * Loaded into every process that the launcher starts. A launcher that is killed cannot stop anybody, and what it leaves
 * behind would hold the ports: the broken channel tells them.
 */
if (process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // Listening must not keep a process alive that has nothing else to do.
  process.channel.unref();
}

export {};
